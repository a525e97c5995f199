import { describe, expect, test } from '@jest/globals';
import { temporaryFolders } from '../../support/temporaryFolders.ts';
import { StoreOnDisk, time } from './openStore.ts';

const newFolder = temporaryFolders();
const uuid = (last: number) => new Uint8Array(16).fill(last);

describe('sent messages', () => {
  test('an accepted message is in the outbox after a restart, byte for byte', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    const { messageId } = disk.accept(lineId, 'Grüße ☎ 𝄞', { uuid: uuid(7) });
    expect(disk.reopen().outbox(lineId)).toEqual([
      { messageId, peerId: 'bob', uuid: uuid(7), text: 'Grüße ☎ 𝄞', sentAt: time },
    ]);
  });

  test('the same idempotency key again gives the same id and writes nothing', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    const first = disk.accept(lineId, 'once', { key: uuid(1) });
    expect(disk.accept(lineId, 'once', { key: uuid(1) })).toEqual({ ...first, duplicate: true });
    expect(disk.accept(disk.line('eve'), 'other line', { key: uuid(1) }).duplicate).toBe(false);
    expect(disk.store.outboxCount()).toBe(2);
  });

  test('the key is still known after the message was settled and the daemon restarted', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    const { messageId } = disk.accept(lineId, 'once', { key: uuid(1) });
    disk.store.settleMessage(messageId, 'delivered', () => disk.event('message.changed'));
    disk.reopen();
    expect(disk.accept(lineId, 'once', { key: uuid(1) })).toEqual({ messageId, duplicate: true });
  });

  test('the outbox is in order of acceptance, narrowed by peer and paged by id', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    const ids = ['1', '2', '3', '4'].map(
      (text) => disk.accept(lineId, text, { peerId: `p${Number(text) % 2}` }).messageId,
    );
    expect(disk.store.outbox(lineId).map(({ text }) => text)).toEqual(['1', '2', '3', '4']);
    expect(disk.store.outbox(lineId, { peerId: 'p1' }).map(({ text }) => text)).toEqual(['1', '3']);
    expect(disk.store.outbox(lineId, { afterId: ids[1] as number, limit: 1 }).map(({ text }) => text)).toEqual(['3']);
    expect(disk.store.outbox(lineId + 1)).toEqual([]);
  });

  test('a message is settled once; the second time nothing is journalled', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    const { messageId } = disk.accept(lineId, 'x', { uuid: uuid(3) });
    expect(disk.store.outboxIdOf(lineId, 'bob', uuid(3))).toBe(messageId);
    expect(disk.store.settleMessage(messageId, 'failed', () => disk.event('message.changed'))).toBe(true);
    expect(disk.store.settleMessage(messageId, 'delivered', () => disk.event('message.changed'))).toBe(false);
    expect(disk.store.journalAfter(lineId, 0, 10)).toHaveLength(1);
    expect(disk.store.outboxCount()).toBe(0);
    expect(disk.store.outboxIdOf(lineId, 'eve', uuid(3))).toBeNull();
  });
});

describe('received messages', () => {
  test('a message is stored and journalled once, however often the peer repeats it', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    const first = disk.receive(lineId, 'hi', uuid(1));
    disk.reopen();
    expect(disk.receive(lineId, 'hi', uuid(1))).toEqual({ messageId: first.messageId, duplicate: true });
    expect(disk.store.journalAfter(lineId, 0, 10)).toHaveLength(1);
  });

  test('messages of plain peers, which have no uuid, are never duplicates', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    expect(disk.receive(lineId, 'hi', null).duplicate).toBe(false);
    expect(disk.receive(lineId, 'hi', null).duplicate).toBe(false);
  });

  test('a uuid that we sent may come back from the peer as its own', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    disk.accept(lineId, 'out', { uuid: uuid(1) });
    expect(disk.receive(lineId, 'in', uuid(1)).duplicate).toBe(false);
  });

  test('when the event cannot be made, the message is not stored either', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    const message = { lineId, peerId: 'bob', uuid: uuid(1), text: 'x', sentAt: 1, receivedAt: 2 };
    const fail = () => {
      throw new RangeError('no event');
    };
    expect(() => disk.store.receiveMessage(message, fail)).toThrow(new RangeError('no event'));
    expect(disk.receive(lineId, 'x', uuid(1)).duplicate).toBe(false);
  });
});

test('a peer is known once a message reached it or came from it, on that line only', () => {
  const disk = new StoreOnDisk(newFolder());
  const [ada, eve] = [disk.line('ada'), disk.line('eve')];
  const { messageId } = disk.accept(ada, 'hi');
  expect(disk.store.isKnownPeer(ada, 'bob')).toBe(false);
  disk.store.settleMessage(messageId, 'delivered', () => disk.event('message.changed'));
  expect([disk.store.isKnownPeer(ada, 'bob'), disk.store.isKnownPeer(eve, 'bob')]).toEqual([true, false]);
  disk.receive(eve, 'hello', null);
  expect(disk.store.isKnownPeer(eve, 'bob')).toBe(true);
});

test('sent and received messages share their ids, and none is used twice', () => {
  const disk = new StoreOnDisk(newFolder());
  const lineId = disk.line();
  const ids = [
    disk.accept(lineId, 'a').messageId,
    disk.receive(lineId, 'b').messageId,
    disk.accept(disk.line('eve'), 'c').messageId,
  ];
  disk.reopen();
  ids.push(disk.accept(lineId, 'd').messageId);
  expect(ids).toEqual([1, 2, 3, 4]);
});
