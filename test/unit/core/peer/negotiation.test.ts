import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { connectLimitMs } from '../../../../daemon/core/peer/connectionMachine.ts';
import { compareBytes, glareMs } from '../../../../daemon/core/peer/negotiation.ts';
import { encodePeer } from '../../../../proto/runtime/index.ts';
import { describe as describeSession, fingerprintOf } from '../../../support/simulation/media.ts';
import type { SimulatedPhone } from '../../../support/simulation/phone.ts';
import { Stranger } from '../../../support/simulation/stranger.ts';
import { World } from '../../../support/simulation/world.ts';

const mark = (connection: string) => ({ v: 1, connection });
const sdp = describeSession('by-hand', fingerprintOf('by-hand'), 'actpass');
const candidate = 'candidate:1 1 UDP 2122317823 127.0.0.1 50001 typ host';

function pair(world = new World()): { world: World; ada: SimulatedPhone; bob: SimulatedPhone } {
  const [ada, bob] = [world.phone('ada').goOnline(), world.phone('bob').goOnline()];
  world.clock.advance(300);
  return { world, ada, bob };
}

/** Ada and somebody who answers by hand. */
function withStranger(options: { plain?: boolean; id?: string } = {}) {
  const world = new World();
  const ada = world.phone('ada').goOnline();
  const eve = new Stranger(world, options.id ?? 'eve', options);
  eve.answers = false;
  world.clock.advance(300);
  return { world, ada, eve };
}

describe('negotiation', () => {
  it.each([
    ['the smaller id', 0],
    ['the larger id', 7],
  ])('comes to one connection when both offer at once and the offer of %s is later', (_, headStartMs) => {
    const { world, ada, bob } = pair();
    world.server.weather = { ...world.server.weather, delayMs: [10, 10] };
    const [first, second] = headStartMs === 0 ? [bob, ada] : [ada, bob];
    const firstId = first.send(second.id, 'from the first');
    world.clock.advance(headStartMs + 1);
    const secondId = second.send(first.id, 'from the second');
    world.clock.until(() => first.outcome(firstId) !== undefined && second.outcome(secondId) !== undefined, 1000);
    world.clock.advance(connectLimitMs);
    expect([world.server.sent('ada', 'offer').length, world.server.sent('bob', 'offer').length]).toEqual([1, 1]);
    expect(world.mediaNetwork.pairs()).toHaveLength(1);
    expect(world.mediaNetwork.size).toBe(2);
    expect([second.textsFrom(first.id), first.textsFrom(second.id)]).toEqual([['from the first'], ['from the second']]);
  });

  it('comes to one connection whenever both offer and however long signals take', () => {
    const weather = fc.record({
      seed: fc.nat(),
      lagMs: fc.nat(9000),
      delayMs: fc.nat(400),
      connectMs: fc.nat(3000),
      swap: fc.boolean(),
    });
    fc.assert(
      fc.property(weather, ({ seed, lagMs, delayMs, connectMs, swap }) => {
        const { world, ada, bob } = pair(new World({ seed }));
        world.server.weather = { ...world.server.weather, delayMs: [1, 1 + delayMs] };
        world.mediaNetwork.connectMs = [10, 10 + connectMs];
        const [first, second] = swap ? [bob, ada] : [ada, bob];
        const firstId = first.send(second.id, 'a');
        world.clock.advance(lagMs);
        const secondId = second.send(first.id, 'b');
        world.clock.advance(40_000);
        expect(first.outcome(firstId)?.state).toBe('delivered');
        expect(second.outcome(secondId)?.state).toBe('delivered');
        expect([world.mediaNetwork.pairs().length, world.mediaNetwork.size]).toEqual([1, 2]);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it('is polite to a plain peer: when that rolls its offer back, our connection is the one', () => {
    const { world, ada, eve } = withStranger({ plain: true });
    const messageId = ada.send('eve', 'hi');
    eve.signal('offer', { to: 'ada', sdp });
    world.clock.until(() => eve.heard('offer').length > 0 && eve.heard('answer').length > 0);
    eve.answer(eve.heard('offer')[0] ?? { sdp: '' });
    world.clock.until(() => ada.outcome(messageId) !== undefined, 2000);
    world.clock.advance(connectLimitMs);
    expect([world.mediaNetwork.pairs().length, eve.messages]).toEqual([1, ['{"type":"message","text":"hi"}']]);
  });

  it.each(['eve', 'aaa'])('is polite to the plain peer %s: when that insists, its connection is the one', (id) => {
    const { world, ada, eve } = withStranger({ plain: true, id });
    const messageId = ada.send(id, 'hi');
    eve.offer('ada');
    world.clock.until(() => ada.outcome(messageId) !== undefined, 2000);
    world.clock.advance(connectLimitMs);
    expect(eve.heard('offer')).toHaveLength(1);
    expect([world.mediaNetwork.pairs().length, eve.messages]).toEqual([1, ['{"type":"message","text":"hi"}']]);
  });

  it('answers a plain offer without the mark of ours', () => {
    const { world, eve } = withStranger({ plain: true });
    eve.offer('ada');
    eve.connected();
    world.clock.advance(10);
    expect(eve.heard('answer')[0]).not.toHaveProperty('mosis');
    for (const one of eve.heard('candidate')) expect(one).not.toHaveProperty('mosis');
  });

  it('ignores an answer to another connection, and a second one', () => {
    const { world, ada, eve } = withStranger();
    const messageId = ada.send('eve', 'hi');
    world.clock.until(() => eve.heard('offer').length > 0);
    const offer = eve.heard('offer')[0] ?? { sdp: '' };
    eve.signal('answer', { to: 'ada', sdp, mosis: mark('another') });
    eve.answer(offer);
    world.clock.until(() => ada.media.connections.size === 1 && eve.opened === 1, 2000);
    eve.signal('answer', { to: 'ada', sdp, mosis: mark(offer.mosis?.connection ?? '') });
    world.clock.advance(100);
    expect(eve.packetsNamed('peerText')).toMatchObject([{ text: 'hi' }]);
    expect(ada.outcome(messageId)).toBeUndefined();
  });

  it('gives candidates to the connection that they name, those without a name to what is being built', () => {
    const { world, ada, eve } = withStranger();
    eve.signal('offer', { to: 'ada', sdp, mosis: mark('one') });
    world.clock.until(() => ada.media.connections.size === 1);
    const taken: string[] = [];
    for (const connection of ada.media.connections) connection.addRemoteCandidate = (line) => taken.push(line);
    eve.signal('candidate', { to: 'ada', candidate: 'of another', mosis: mark('two') });
    eve.signal('candidate', { to: 'ada', candidate, mosis: mark('one') });
    eve.signal('candidate', { to: 'ada', candidate: 'a=nameless' });
    world.clock.advance(10);
    expect(taken).toEqual([candidate, 'a=nameless']);
  });

  it('answers an offer that comes twice only once', () => {
    const { world, ada, eve } = withStranger();
    for (let i = 0; i < 3; i += 1) {
      eve.signal('offer', { to: 'ada', sdp, mosis: mark('one') });
      world.clock.advance(100);
    }
    expect([eve.heard('answer').length, ada.media.created]).toEqual([1, 1]);
  });

  it('takes no second answer, which could make a peer without a key of one that had shown the mark', async () => {
    const { world, ada, eve } = withStranger();
    ada.send('eve', 'hi');
    world.clock.until(() => eve.heard('offer').length > 0);
    eve.answer(eve.heard('offer')[0] ?? { sdp: '' });
    world.clock.until(() => world.server.sent('eve', 'answer').length > 0);
    eve.signal('answer', { to: 'ada', sdp });
    eve.connected();
    world.clock.advance(10);
    expect(await ada.phone.statistics(ada.lineId, 'eve')).toMatchObject({ state: 'open', plain: false });
  });

  it('takes a newer offer in place of an older one that it was answering', () => {
    const { world, ada, eve } = withStranger();
    eve.signal('offer', { to: 'ada', sdp, mosis: mark('one') });
    world.clock.advance(10);
    eve.offer('ada');
    world.clock.until(() => eve.opened === 1, 2000);
    expect(ada.media.connections.size).toBe(1);
  });

  it('gives its own offer up for one of the peer when it is old: it was probably lost', () => {
    const { world, ada, eve } = withStranger({ id: 'aaa' });
    const messageId = ada.send('aaa', 'hi');
    world.clock.advance(glareMs - 500);
    eve.signal('offer', { to: 'ada', sdp, mosis: mark('too early') });
    world.clock.advance(100);
    expect(eve.heard('answer')).toHaveLength(0);
    world.clock.advance(500);
    eve.offer('ada');
    world.clock.until(() => eve.packetsNamed('peerText').length > 0, 2000);
    expect(ada.outcome(messageId)).toBeUndefined();
  });

  it('never takes a plain offer of a peer whose key is pinned', () => {
    const { world, ada, bob } = pair();
    ada.send('bob', 'hi');
    world.clock.until(() => bob.textsFrom('ada').length === 1);
    bob.stop();
    world.clock.advance(100);
    const plain = new Stranger(world, 'bob', { plain: true });
    plain.offer('ada');
    world.clock.advance(2000);
    expect([plain.opened, plain.heard('answer')]).toEqual([0, []]);
    expect(ada.warnings('warn').map(({ message }) => message)).toContain(
      'plain offer of a peer whose key is pinned: refused',
    );
  });

  it('never takes a plain answer of a peer whose key is pinned, and fails the message', () => {
    const { world, ada, bob } = pair();
    ada.send('bob', 'hi');
    world.clock.until(() => bob.textsFrom('ada').length === 1);
    bob.stop();
    world.clock.advance(100);
    const plain = new Stranger(world, 'bob', { plain: true });
    world.clock.advance(300);
    const messageId = ada.send('bob', 'secret');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)).toMatchObject({ state: 'failed', reason: 'identityChanged' });
    expect(plain.messages).toEqual([]);
  });

  it('answers the renegotiation of an open plain connection on that connection', () => {
    const { world, ada, eve } = withStranger({ plain: true });
    eve.offer('ada');
    eve.connected();
    world.clock.advance(10);
    eve.connection?.offer();
    world.clock.advance(100);
    expect([eve.heard('answer').length, ada.media.created]).toEqual([2, 1]);
  });

  it('tries again with growing pauses while connections fail', () => {
    const { world, ada, eve } = withStranger();
    ada.send('eve', 'hi');
    const times: number[] = [];
    for (let i = 1; i <= 6; i += 1) {
      world.clock.until(() => eve.heard('offer').length === i, 15_000);
      times.push(world.clock.monotonic());
      for (const connection of ada.media.connections) connection.end('connectionLost', 'broken by the test');
    }
    const pauses = times.slice(1).map((timeMs, index) => timeMs - (times[index] ?? 0));
    for (const [attempt, pauseMs] of pauses.entries()) {
      const ceilingMs = Math.min(4000, 250 * 2 ** attempt);
      expect(pauseMs).toBeGreaterThanOrEqual(ceilingMs / 2);
      expect(pauseMs).toBeLessThanOrEqual(ceilingMs + 10);
    }
  });

  it('tries again soon when the server could not deliver the offer', () => {
    const { world, ada } = withStranger();
    ada.send('nobody', 'hi');
    world.clock.advance(2000);
    expect(world.server.sent('ada', 'offer').length).toBeGreaterThan(2);
  });

  it('tries again after the shortest pause when the peer had been well in between', () => {
    const { world, ada, eve } = withStranger();
    const fail = () => {
      const offers = eve.heard('offer').length;
      for (const connection of ada.media.connections) connection.end('connectionLost', 'broken by the test');
      return world.clock.until(() => eve.heard('offer').length > offers, 15_000);
    };
    ada.send('eve', 'hi');
    world.clock.until(() => eve.heard('offer').length === 1);
    for (let i = 0; i < 4; i += 1) fail();
    eve.answer(eve.heard('offer').at(-1) ?? { sdp: '' });
    eve.connected();
    eve.say(encodePeer('peerPing', { nonce: 1 }));
    world.clock.until(() => eve.packetsNamed('peerPong').length > 0);
    expect(fail()).toBeLessThanOrEqual(250 + 10);
  });

  it('does not start over with short pauses because a connection opened for nothing', () => {
    const { world, ada, eve } = withStranger();
    eve.answers = true;
    ada.send('eve', 'hi');
    world.clock.until(() => {
      if (eve.packetsNamed('peerText').length > eve.closed) eve.connection?.close();
      return ada.store.outboxCount() === 0;
    });
    expect(eve.heard('offer').length).toBeLessThan(12);
  });

  it('offers anew at once when the peer logs in, whatever was under way', () => {
    const { world, ada } = pair();
    const bob = world.phones[1] as SimulatedPhone;
    bob.kill();
    world.clock.advance(1000);
    const messageId = ada.send('bob', 'hi');
    world.clock.advance(2000);
    bob.boot();
    bob.goOnline();
    expect(world.clock.until(() => ada.outcome(messageId) !== undefined)).toBeLessThan(1000);
    expect(ada.outcome(messageId)).toMatchObject({ state: 'delivered', confirmed: true });
  });

  it('does not wait for an answer to a daemon that has died when the peer logs in again', () => {
    const { world, ada, bob } = pair();
    world.mediaNetwork.reachable = false;
    bob.send('ada', 'never sent');
    world.clock.until(() => world.server.sent('ada', 'answer').length === 1);
    bob.store.settleMessage(1, 'failed', () => ({
      sequence: bob.store.nextSequence(),
      name: 'message.changed',
      bytes: new Uint8Array(),
    }));
    bob.kill();
    world.mediaNetwork.reachable = true;
    const messageId = ada.send('bob', 'hi');
    bob.boot();
    bob.goOnline();
    expect(world.clock.until(() => ada.outcome(messageId) !== undefined)).toBeLessThan(1000);
  });

  it('offers anew when the line comes back: the offer may have gone to a server that is gone', () => {
    const { world, ada } = pair(new World({ kind: 'plain' }));
    const fair = world.server.weather;
    world.server.weather = { ...fair, loss: 1 };
    const messageId = ada.send('bob', 'hi');
    world.clock.advance(10);
    world.server.weather = fair;
    world.server.cut('ada');
    world.clock.until(() => ada.info.state !== 'online');
    world.clock.until(() => ada.info.state === 'online');
    expect(world.clock.until(() => ada.outcome(messageId) !== undefined)).toBeLessThan(500);
  });

  it('offers nothing while the line is not online', () => {
    const { world, ada } = pair();
    world.server.goDown();
    world.clock.advance(100);
    ada.send('bob', 'hi');
    world.clock.advance(10_000);
    expect([ada.media.connections.size, world.server.sent('ada', 'offer')]).toEqual([0, []]);
  });

  it('stops trying when nothing waits any more', () => {
    const { world, ada } = withStranger();
    ada.send('nobody', 'hi');
    world.clock.until(() => ada.store.outboxCount() === 0);
    const offers = world.server.sent('ada', 'offer').length;
    world.clock.advance(60_000);
    expect([world.server.sent('ada', 'offer').length, ada.timers]).toEqual([offers, 0]);
  });
});

describe('order of ids', () => {
  it('is that of their UTF-8 bytes, which UTF-16 would get wrong', () => {
    const ids = ['', 'a', 'ab', 'b', 'é', '\uffff', '𝄞', '𝄞a'];
    const byBytes = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...ids].reverse().sort(compareBytes)).toEqual(byBytes);
    expect(compareBytes('ada', 'ada')).toBe(0);
  });
});
