import { describe, expect, it } from '@jest/globals';
import { outboxLimit } from '../../../daemon/core/message/outgoing.ts';
import { lineLimit } from '../../../daemon/core/phone.ts';
import { serverUrl, World } from '../../support/simulation/world.ts';

const key = (number: number) => new Uint8Array(16).fill(number);
const failing = (code: string) => expect.objectContaining({ name: 'MosisError', code });

function alone() {
  const world = new World();
  const ada = world.phone('ada').goOnline();
  world.clock.advance(300);
  return { world, ada };
}

/** A line of ada's daemon, configured and used by a session of that number. */
function use(ada: ReturnType<typeof alone>['ada'], phoneId: string, sessionId: number): number {
  const { lineId } = ada.phone.configureLine({}, { server: serverUrl, phoneId });
  ada.phone.attach(lineId, sessionId);
  return lineId;
}

describe('phone', () => {
  it('merges what a game sets with what it set before', () => {
    const { ada } = alone();
    const { settings, info } = ada.phone.configureLine(
      { server: 'ws://old', phoneId: 'ada', displayName: 'Ada' },
      { server: serverUrl },
    );
    expect(settings).toEqual({ server: serverUrl, phoneId: 'ada', displayName: 'Ada' });
    expect(info).toMatchObject({ lineId: 1, server: serverUrl, displayName: 'Ada' });
  });

  it('attempts nothing before server and id are known', () => {
    const { ada } = alone();
    expect(ada.phone.configureLine({}, { displayName: 'Ada' })).toEqual({
      settings: { displayName: 'Ada' },
      lineId: 0,
      info: { lineId: 0, state: 'unconfigured', server: '', phoneId: '', displayName: 'Ada' },
    });
    expect(ada.phone.lineInfo(0, {})).toMatchObject({ state: 'unconfigured' });
  });

  it.each(['http://signal.test', 'signal.test', 'ws://', 'ws:///path', 'ws://[', ''])(
    'refuses "%s" as a server, or waits for one',
    (server) => {
      const { ada } = alone();
      if (server === '') expect(ada.phone.configureLine({}, { server, phoneId: 'x' }).lineId).toBe(0);
      else expect(() => ada.phone.configureLine({}, { server, phoneId: 'x' })).toThrow(failing('invalidArgument'));
      expect(ada.phone.lines().filter(({ state }) => state !== 'offline')).toHaveLength(1);
    },
  );

  it('gives two games with the same server and id the same line', () => {
    const { ada } = alone();
    expect(use(ada, 'ada', 2)).toBe(ada.lineId);
    expect(ada.phone.lines()).toHaveLength(1);
  });

  it('keeps the name of a line when another game of the same line says none', () => {
    const { world, ada } = alone();
    use(ada, 'ada', 2);
    world.clock.advance(100);
    expect(ada.info.displayName).toBe('ada’s phone');
    expect(world.server.sent('ada', 'register')).toHaveLength(1);
  });

  it('keeps a line open as long as one of its games wants it', () => {
    const { ada } = alone();
    const lineId = use(ada, 'ada', 2);
    expect(ada.phone.closeLine(lineId, 1).state).toBe('online');
    expect(ada.phone.closeLine(lineId, 2).state).toBe('offline');
  });

  it('keeps a line logged in when its last game goes without closing it', () => {
    const { world, ada } = alone();
    ada.phone.detach(ada.lineId, 1);
    world.clock.advance(60_000);
    expect(ada.info.state).toBe('online');
  });

  it(`holds at most ${lineLimit} lines that are in use`, () => {
    const { ada } = alone();
    for (let i = 1; i < lineLimit; i += 1) use(ada, `second${i}`, i + 1);
    expect(() => use(ada, 'one too many', 99)).toThrow(failing('invalidArgument'));
    expect(ada.phone.lines()).toHaveLength(lineLimit);
  });

  it('lets a line that no game uses give way, and leaves its server', () => {
    const { world, ada } = alone();
    for (let i = 1; i < lineLimit; i += 1) use(ada, `second${i}`, i + 1);
    ada.phone.detach(ada.lineId, 1);
    use(ada, 'new', 99);
    world.clock.advance(100);
    expect(ada.phone.lines().map(({ phoneId }) => phoneId)).toEqual(['second1', 'second2', 'second3', 'new']);
    expect(world.server.ids.sort()).toEqual(['new', 'second1', 'second2', 'second3']);
  });

  it('keeps its lines apart: each has its own peers, messages and events', () => {
    const { world, ada } = alone();
    const second = use(ada, 'second', 2);
    world.clock.advance(300);
    const messageId = ada.phone.send(second, 'ada', 'from my other self', null);
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)?.state).toBe('delivered');
    const received = ada.events.find(({ name }) => name === 'message.received');
    expect(received).toMatchObject({ lineId: ada.lineId, value: { peerId: 'second' } });
    expect(ada.phone.peers(second).map(({ peerId }) => peerId)).toEqual(['ada']);
  });

  it('refuses what a line is needed for when there is none', async () => {
    const { phone } = alone().ada;
    const none = 99;
    for (const call of [
      () => phone.peers(none),
      () => phone.peer(none, 'bob'),
      () => phone.send(none, 'bob', 'hi', null),
      () => phone.trust(none, 'bob'),
      () => phone.closeLine(none, 1),
    ]) {
      expect(call).toThrow(failing('lineNotConfigured'));
    }
    await expect(phone.statistics(none, 'bob')).rejects.toEqual(failing('lineNotConfigured'));
  });

  it.each([
    ['an empty text', 'bob', ''],
    ['a message to itself', 'ada', 'hi'],
    ['a message to nobody', '', 'hi'],
  ])('refuses %s', (_, peerId, text) => {
    const { ada } = alone();
    expect(() => ada.send(peerId, text)).toThrow(failing('invalidArgument'));
    expect(ada.store.outboxCount()).toBe(0);
  });

  it('has a message on disk when it gives its id', () => {
    const { world, ada } = alone();
    const messageId = ada.send('bob', 'hi');
    expect(ada.store.outbox(ada.lineId)).toMatchObject([
      { messageId, peerId: 'bob', text: 'hi', sentAt: world.clock.now() },
    ]);
  });

  it('accepts nothing when the disk does not', () => {
    const { world, ada } = alone();
    const bob = world.phone('bob').goOnline();
    ada.store.full = true;
    expect(() => ada.send('bob', 'hi')).toThrow(failing('storeFailed'));
    ada.store.full = false;
    world.clock.advance(60_000);
    expect([bob.textsFrom('ada'), ada.store.outboxCount()]).toEqual([[], 0]);
  });

  it('gives the same id for the same idempotency key, and sends once', () => {
    const { world, ada } = alone();
    const bob = world.phone('bob').goOnline();
    const messageId = ada.send('bob', 'hi', key(1));
    expect(ada.send('bob', 'hi', key(1))).toBe(messageId);
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    ada.restart();
    expect(ada.send('bob', 'hi', key(1))).toBe(messageId);
    expect(ada.send('bob', 'hi', key(2))).not.toBe(messageId);
    world.clock.advance(5000);
    expect(bob.textsFrom('ada')).toEqual(['hi', 'hi']);
  });

  it('gives the id of a repeated key also when the queue is full by then', () => {
    const { ada } = alone();
    const messageId = ada.send('bob', 'hi', key(1));
    for (let i = 1; i < outboxLimit; i += 1) ada.send('bob', 'hi');
    expect(() => ada.send('bob', 'hi', key(2))).toThrow(failing('queueFull'));
    expect(ada.send('bob', 'hi', key(1))).toBe(messageId);
  });

  it('is busy while a message of an open line waits', () => {
    const { world, ada } = alone();
    expect(ada.phone.busy()).toBe(false);
    const messageId = ada.send('bob', 'hi');
    expect(ada.phone.busy()).toBe(true);
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.phone.busy()).toBe(false);
    ada.send('bob', 'hi');
    ada.phone.closeLine(ada.lineId, 1);
    expect(ada.phone.busy()).toBe(false);
  });

  it('is not kept alive by a disk that does not answer', () => {
    const { ada } = alone();
    ada.send('bob', 'hi');
    ada.store.failing = true;
    expect(ada.phone.busy()).toBe(false);
  });

  it('leaves servers and peers at its orderly end, and takes nothing more', () => {
    const { world, ada } = alone();
    const bob = world.phone('bob').goOnline();
    ada.send('bob', 'hi');
    world.clock.until(() => bob.textsFrom('ada').length === 1);
    const { phone } = ada;
    ada.stop();
    world.clock.advance(100);
    expect([world.server.ids, world.mediaNetwork.size]).toEqual([['bob'], 0]);
    expect(() => phone.send(1, 'bob', 'hi', null)).toThrow(failing('shuttingDown'));
    expect(() => phone.configureLine({}, { server: serverUrl, phoneId: 'ada' })).toThrow(failing('shuttingDown'));
    expect(bob.peer('ada').online).toBe(false);
  });
});
