import { describe, expect, test } from '@jest/globals';
import { temporaryFolders } from '../../support/temporaryFolders.ts';
import { StoreOnDisk } from './openStore.ts';

const newFolder = temporaryFolders();
const texts = (disk: StoreOnDisk, lineId: number, after = 0, limit = 1000) =>
  disk.store.journalAfter(lineId, after, limit).map(({ bytes }) => new TextDecoder().decode(bytes));

describe('sequence numbers', () => {
  test('they grow by one, and over a restart without a repeat', () => {
    const disk = new StoreOnDisk(newFolder());
    const before = Array.from({ length: 2500 }, () => disk.store.nextSequence());
    expect(before).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
    expect(disk.store.lastSequence()).toBe(2500);
    const after = disk.reopen();
    expect(after.lastSequence()).toBeGreaterThanOrEqual(2500);
    expect(after.nextSequence()).toBeGreaterThan(2500);
  });

  test('a number handed out in a transaction that was undone is not handed out again', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    let handedOut = 0;
    const message = { lineId, peerId: 'bob', uuid: null, text: 'x', sentAt: 1, receivedAt: 2 };
    const fail = () => {
      handedOut = disk.store.nextSequence();
      throw new Error('undo');
    };
    expect(() => disk.store.receiveMessage(message, fail)).toThrow('undo');
    expect(disk.store.nextSequence()).toBe(handedOut + 1);
    expect(disk.reopen().nextSequence()).toBeGreaterThan(handedOut + 1);
  });
});

describe('journal', () => {
  test('each line reads its own events, in order, after any sequence, up to a limit', () => {
    const disk = new StoreOnDisk(newFolder());
    const [ada, eve] = [disk.line('ada'), disk.line('eve')];
    disk.receive(ada, 'a');
    disk.receive(eve, 'b');
    disk.receive(ada, 'c');
    disk.receive(ada, 'd');
    expect(texts(disk, ada)).toEqual(['1:a', '3:c', '4:d']);
    expect(texts(disk, ada, 1, 1)).toEqual(['3:c']);
    expect(texts(disk, eve)).toEqual(['2:b']);
  });

  test('beyond its limit the oldest entries of that line go, and the floor says so', () => {
    const disk = new StoreOnDisk(newFolder(), { entries: 10, slack: 5 });
    const [ada, eve] = [disk.line('ada'), disk.line('eve')];
    disk.receive(eve, 'kept');
    for (let index = 0; index < 8; index += 1) disk.receive(ada, `${index}`);
    disk.reopen();
    for (let index = 8; index < 15; index += 1) disk.receive(ada, `${index}`);
    const left = disk.store.journalAfter(ada, 0, 100);
    expect(left).toHaveLength(10);
    expect(disk.store.journalFloor(ada)).toBe((left[0]?.sequence ?? 0) - 1);
    expect(texts(disk, eve)).toEqual(['1:kept']);
    expect(disk.store.journalFloor(eve)).toBe(0);
  });
});

describe('what a line has taken', () => {
  test('begins at 0, never goes back, and is there after a restart', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    expect(disk.store.takenSequence(lineId)).toBe(0);
    disk.store.setTaken(lineId, 20);
    disk.store.setTaken(lineId, 10);
    expect(disk.reopen().takenSequence(lineId)).toBe(20);
  });
});
