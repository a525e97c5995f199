import { describe, expect, it } from '@jest/globals';
import {
  confirmLimitMs,
  offlineLimitMs,
  outboxLimit,
  unreachableLimitMs,
  windowMessages,
} from '../../../../daemon/core/message/outgoing.ts';
import { encodePeer } from '../../../../proto/runtime/index.ts';
import type { SimulatedPhone } from '../../../support/simulation/phone.ts';
import type { ServerKind } from '../../../support/simulation/signalling.ts';
import { Stranger } from '../../../support/simulation/stranger.ts';
import { World } from '../../../support/simulation/world.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

/** Ada, and eve, who is connected and confirms only what the test says. */
function withEve(options: { plain?: boolean; kind?: ServerKind } = {}) {
  const world = new World({ kind: options.kind ?? 'keyed' });
  const ada = world.phone('ada').goOnline();
  const eve = new Stranger(world, 'eve', { plain: options.plain ?? false });
  eve.offer('ada');
  eve.connected();
  world.clock.advance(20);
  return { world, ada, eve };
}

function pair(kind: ServerKind = 'keyed') {
  const world = new World({ kind });
  const [ada, bob] = [world.phone('ada').goOnline(), world.phone('bob').goOnline()];
  world.clock.advance(300);
  return { world, ada, bob };
}

const texts = (eve: Stranger) => eve.packetsNamed('peerText').map(({ text }) => text);

/** Eve confirms messages by their place in what she got. */
function confirm(eve: Stranger, ...places: number[]): void {
  const got = eve.packetsNamed('peerText');
  eve.say(encodePeer('peerStored', { uuids: places.map((place) => got[place]?.uuid ?? new Uint8Array(16)) }));
}

const failure = (phone: SimulatedPhone, messageId: number) => phone.outcome(messageId)?.reason;

describe('sent messages', () => {
  it('arrive in the order in which they were accepted', () => {
    const { world, ada, bob } = pair();
    for (const text of numbers(500)) ada.send('bob', text);
    world.clock.until(() => ada.store.outboxCount() === 0, 5000);
    expect(bob.textsFrom('ada')).toEqual(numbers(500));
    expect(ada.told('message.changed').map(({ messageId }) => messageId)).toEqual(
      numbers(500).map((n) => Number(n) + 1),
    );
  });

  it('are delivered only when the peer has confirmed them', () => {
    const { world, ada, eve } = withEve();
    const messageId = ada.send('eve', 'hi');
    world.clock.advance(1000);
    expect([texts(eve), ada.outcome(messageId)]).toEqual([['hi'], undefined]);
    confirm(eve, 0);
    world.clock.advance(10);
    expect(ada.outcome(messageId)).toEqual({ messageId, peerId: 'eve', state: 'delivered', confirmed: true });
    expect(ada.store.stateOf(messageId)).toBe('delivered');
  });

  it(`have at most ${windowMessages} of them in the channel unconfirmed`, () => {
    const { world, ada, eve } = withEve();
    for (const text of numbers(200)) ada.send('eve', text);
    world.clock.advance(1000);
    expect(texts(eve)).toEqual(numbers(windowMessages));
    confirm(eve, 0, 1, 2);
    world.clock.advance(10);
    expect(texts(eve)).toEqual(numbers(windowMessages + 3));
  });

  it('may be confirmed in any order, twice, and with ids that nobody knows', () => {
    const { world, ada, eve } = withEve();
    const ids = ['a', 'b', 'c'].map((text) => ada.send('eve', text));
    world.clock.advance(10);
    confirm(eve, 2, 2, 99);
    confirm(eve, 0, 2);
    world.clock.advance(10);
    expect(ids.map((id) => ada.outcome(id)?.state)).toEqual(['delivered', undefined, 'delivered']);
    confirm(eve, 1);
    world.clock.advance(10);
    expect(ada.told('message.changed').map(({ messageId }) => messageId)).toEqual([3, 1, 2]);
  });

  it('gain no time by confirmations of nothing', () => {
    const { world, ada, eve } = withEve();
    const messageId = ada.send('eve', 'hi');
    const tookMs = world.clock.until(() => {
      eve.say(encodePeer('peerStored', { uuids: [new Uint8Array(16)] }));
      world.clock.advance(500);
      return ada.outcome(messageId) !== undefined;
    });
    expect(tookMs).toBeLessThanOrEqual(unreachableLimitMs + 1000);
    expect(eve.heard('offer').length).toBeGreaterThan(1);
  });

  it('have to be the own ones of that peer: another cannot confirm them', () => {
    const { world, ada, eve } = withEve();
    const bob = new Stranger(world, 'bob');
    bob.offer('ada');
    bob.connected();
    const messageId = ada.send('eve', 'hi');
    world.clock.advance(10);
    const uuids = eve.packetsNamed('peerText').map(({ uuid }) => uuid);
    bob.say(encodePeer('peerStored', { uuids }));
    world.clock.advance(10);
    expect(ada.outcome(messageId)).toBeUndefined();
  });

  it('get through a slow connection without its being taken for dead', () => {
    const { world, ada, bob } = pair();
    world.mediaNetwork.bytesPerMs = 50;
    const ids = numbers(80).map(() => ada.send('bob', 'x'.repeat(10_000)));
    const tookMs = world.clock.until(() => ids.every((id) => ada.outcome(id)?.state === 'delivered'));
    expect(tookMs).toBeGreaterThan(3 * confirmLimitMs);
    expect([bob.textsFrom('ada').length, ada.media.created]).toEqual([80, 1]);
  });

  it('wait behind a full send buffer and follow in order', () => {
    const { world, ada, eve } = withEve();
    const [connection] = ada.media.connections;
    if (!connection) throw new Error('no connection');
    const send = connection.send.bind(connection);
    connection.send = () => false;
    for (const text of numbers(5)) ada.send('eve', text);
    world.clock.advance(10);
    expect(texts(eve)).toEqual([]);
    connection.send = send;
    connection.drains();
    world.clock.advance(10);
    expect(texts(eve)).toEqual(numbers(5));
  });

  it('are sent again after a reconnect, and arrive exactly once', () => {
    const { world, ada, bob } = pair();
    world.mediaNetwork.lossAtEnd = 1;
    world.mediaNetwork.delayMs = [20, 20];
    for (const text of numbers(300)) {
      ada.send('bob', text);
      if (Number(text) % 50 === 49) {
        world.clock.advance(1000);
        for (const [one] of world.mediaNetwork.pairs()) one.break();
      }
    }
    world.clock.until(() => ada.store.outboxCount() === 0);
    expect(bob.textsFrom('ada')).toEqual(numbers(300));
    expect(ada.told('message.changed').every(({ state }) => state === 'delivered')).toBe(true);
  });

  it('are all sent again on a new connection, also when a whole window was under way', () => {
    const { world, ada, eve } = withEve();
    for (const text of numbers(windowMessages + 10)) ada.send('eve', text);
    world.clock.advance(10);
    for (const connection of ada.media.connections) connection.break();
    world.clock.until(() => texts(eve).length > windowMessages, 2000);
    world.clock.advance(10);
    expect(texts(eve).slice(windowMessages)).toEqual(numbers(windowMessages));
  });

  it('ask for their confirmation again on a new connection when a part of them stays unconfirmed', () => {
    const { world, ada, eve } = withEve();
    for (const text of numbers(3)) ada.send('eve', text);
    world.clock.advance(10);
    confirm(eve, 0);
    world.clock.until(() => texts(eve).length > 3, confirmLimitMs + 1000);
    world.clock.advance(10);
    expect(texts(eve)).toEqual(['0', '1', '2', '1', '2']);
  });

  it('keep asking when the new connection fails, too', () => {
    const { world, ada, eve } = withEve();
    eve.answers = false;
    ada.send('eve', 'hi');
    world.clock.advance(unreachableLimitMs - 100);
    expect(eve.heard('offer').length).toBe(2);
  });

  it('fail when nothing is heard of the peer for 20 s, all of them', () => {
    const { world, ada } = pair('plain');
    const [first, second] = [ada.send('nobody', 'a'), ada.send('nobody', 'b')];
    world.clock.advance(unreachableLimitMs - 1);
    expect(ada.outcome(first)).toBeUndefined();
    world.clock.advance(1);
    expect([failure(ada, first), failure(ada, second)]).toEqual(['peerUnreachable', 'peerUnreachable']);
    expect(ada.outcome(first)).toMatchObject({ state: 'failed', confirmed: false });
  });

  it('fail after 5 s when the server says that the peer is not there', () => {
    const { world, ada } = pair();
    const messageId = ada.send('nobody', 'hi');
    const tookMs = world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(tookMs).toBeGreaterThanOrEqual(offlineLimitMs);
    expect(tookMs).toBeLessThan(offlineLimitMs + 100);
    expect(ada.outcome(messageId)).toMatchObject({
      reason: 'peerOffline',
      text: `nobody is not online at ${world.server.url}`,
    });
  });

  it('fail with serverUnreachable while the server is', () => {
    const { world, ada } = pair();
    world.server.goDown();
    world.clock.advance(100);
    const messageId = ada.send('bob', 'hi');
    world.clock.advance(unreachableLimitMs);
    expect(failure(ada, messageId)).toBe('serverUnreachable');
  });

  it('fail sooner when the peer leaves while they wait', () => {
    const { world, ada, bob } = pair();
    world.mediaNetwork.reachable = false;
    const messageId = ada.send('bob', 'hi');
    world.clock.advance(10_000);
    bob.stop();
    world.clock.advance(offlineLimitMs - 100);
    expect(ada.outcome(messageId)).toBeUndefined();
    world.clock.advance(200);
    expect(failure(ada, messageId)).toBe('peerOffline');
  });

  it('get the whole time again when the peer comes back, but never more than that', () => {
    const { world, ada } = pair('plain');
    world.mediaNetwork.reachable = false;
    const messageId = ada.send('cyd', 'hi');
    for (let i = 0; i < 9; i += 1) {
      world.server.tell('ada', i % 2 ? 'peer_joined' : 'peer_left', { id: 'cyd' });
      world.clock.advance(offlineLimitMs - 3000);
      expect(ada.outcome(messageId)).toBeUndefined();
    }
    world.clock.advance(unreachableLimitMs - 9 * (offlineLimitMs - 3000));
    expect(ada.outcome(messageId)?.state).toBe('failed');
  });

  it('have their time start anew with every message that is confirmed', () => {
    const { world, ada, eve } = withEve();
    const ids = numbers(4).map((text) => ada.send('eve', text));
    for (const place of [0, 1, 2]) {
      world.clock.advance(unreachableLimitMs - 2000);
      confirm(eve, place);
      world.clock.advance(10);
    }
    expect(ids.map((id) => ada.outcome(id)?.state)).toEqual(['delivered', 'delivered', 'delivered', undefined]);
  });

  it('stay failed when the confirmation comes after all', () => {
    const { world, ada, eve } = withEve();
    const messageId = ada.send('eve', 'hi');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    confirm(eve, 0);
    world.clock.advance(100);
    expect(ada.outcome(messageId)?.state).toBe('failed');
    expect(ada.store.stateOf(messageId)).toBe('failed');
  });

  it('that failed are not sent when the peer comes', () => {
    const { world, ada } = pair();
    const messageId = ada.send('cyd', 'too late');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    const cyd = world.phone('cyd').goOnline();
    ada.send('cyd', 'in time');
    world.clock.until(() => cyd.textsFrom('ada').length > 0);
    world.clock.advance(1000);
    expect(cyd.textsFrom('ada')).toEqual(['in time']);
  });

  it('are refused with queueFull when too many wait, and taken again when some are settled', () => {
    const { world, ada, eve } = withEve();
    for (const text of numbers(outboxLimit)) ada.send('eve', text);
    expect(() => ada.send('eve', 'one too many')).toThrow(expect.objectContaining({ code: 'queueFull' }));
    expect(ada.store.outboxCount()).toBe(outboxLimit);
    ada.send('somebody else', 'hi');
    world.clock.advance(10);
    confirm(eve, 0);
    world.clock.advance(10);
    ada.send('eve', 'now');
  });

  it('go to a plain peer as JSON strings, and count as delivered once handed over, unconfirmed', () => {
    const { world, ada, eve } = withEve({ plain: true });
    const ids = numbers(100).map((text) => ada.send('eve', text));
    world.clock.advance(10);
    expect(eve.messages).toEqual(numbers(100).map((text) => `{"type":"message","text":"${text}"}`));
    expect(ada.outcome(ids[99] ?? 0)).toEqual({
      messageId: ids[99],
      peerId: 'eve',
      state: 'delivered',
      confirmed: false,
    });
  });

  it('that the peer cannot take in one piece fail alone', () => {
    const { world, ada, eve } = withEve({ plain: true });
    eve.media.maxMessageBytes = 1000;
    const ids = ['a', 'x'.repeat(2000), 'b'].map((text) => ada.send('eve', text));
    world.clock.advance(10);
    expect(ids.map((id) => ada.outcome(id)?.state)).toEqual(['delivered', 'failed', 'delivered']);
    expect(failure(ada, ids[1] ?? 0)).toBe('tooLarge');
  });

  it('go on with a new daemon over the same disk', () => {
    const { world, ada, bob } = pair();
    bob.kill();
    for (const text of numbers(100)) ada.send('bob', text);
    ada.restart();
    bob.boot();
    bob.configure();
    world.clock.until(() => ada.store.outboxCount() === 0);
    expect(bob.textsFrom('ada')).toEqual(numbers(100));
  });

  it('of an earlier daemon fail in time also when the server is gone', () => {
    const { world, ada, bob } = pair();
    bob.kill();
    // More than are read from the disk at once.
    for (const text of numbers(1500)) ada.send('bob', text);
    const messageId = ada.send('cyd', 'hi');
    world.server.goDown();
    ada.restart();
    world.clock.advance(unreachableLimitMs);
    expect(failure(ada, messageId)).toBe('serverUnreachable');
    expect(ada.store.outboxCount()).toBe(0);
  });

  it('are sent and confirmed again when the disk could not keep the confirmation', () => {
    const { world, ada, bob } = pair();
    ada.send('bob', 'first');
    world.clock.until(() => bob.textsFrom('ada').length === 1);
    world.clock.advance(100);
    const messageId = ada.send('bob', 'second');
    ada.store.full = true;
    world.clock.advance(confirmLimitMs - 100);
    expect(ada.outcome(messageId)).toBeUndefined();
    ada.store.full = false;
    world.clock.until(() => ada.outcome(messageId) !== undefined, 1000);
    expect(ada.outcome(messageId)).toMatchObject({ state: 'delivered', confirmed: true });
    expect(bob.textsFrom('ada')).toEqual(['first', 'second']);
  });

  it('are asked about again when the disk lost one confirmation and kept the next', () => {
    const { world, ada, eve } = withEve();
    const ids = ['a', 'b'].map((text) => ada.send('eve', text));
    world.clock.advance(10);
    ada.store.full = true;
    confirm(eve, 0);
    world.clock.advance(10);
    ada.store.full = false;
    confirm(eve, 1);
    world.clock.advance(10);
    expect(ids.map((id) => ada.outcome(id)?.state)).toEqual([undefined, 'delivered']);
    world.clock.until(() => texts(eve).length > 2, confirmLimitMs + 1000);
    expect(texts(eve)).toEqual(['a', 'b', 'a']);
  });

  it('are given up again later when the disk could not keep that', () => {
    const { world, ada } = pair('plain');
    const messageId = ada.send('nobody', 'hi');
    ada.store.failing = true;
    world.clock.advance(unreachableLimitMs + 1000);
    ada.store.failing = false;
    expect(ada.outcome(messageId)).toBeUndefined();
    world.clock.advance(unreachableLimitMs);
    expect(ada.outcome(messageId)?.state).toBe('failed');
  });

  it('leave no trace in the log: neither texts nor names of games', () => {
    const { world, ada, bob } = pair();
    ada.send('bob', 'a very private matter');
    world.clock.until(() => bob.textsFrom('ada').length === 1);
    expect(JSON.stringify([ada.logged, bob.logged])).not.toContain('private');
  });
});
