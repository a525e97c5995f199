import { describe, expect, it } from '@jest/globals';
import { confirmLimitMs } from '../../../../daemon/core/message/outgoing.ts';
import { probeLimitMs } from '../../../../daemon/core/peer/peerLink.ts';
import { encodePeer } from '../../../../proto/runtime/index.ts';
import type { SimulatedPhone } from '../../../support/simulation/phone.ts';
import { Stranger } from '../../../support/simulation/stranger.ts';
import { World } from '../../../support/simulation/world.ts';

const { peerIdleMs } = new World();

/** Ada and bob with an open connection, nothing under way. */
function connected() {
  const world = new World();
  const [ada, bob] = [world.phone('ada').goOnline(), world.phone('bob').goOnline()];
  world.clock.advance(300);
  ada.send('bob', 'first');
  world.clock.until(() => bob.textsFrom('ada').length === 1);
  world.clock.advance(100);
  return { world, ada, bob };
}

function silence(world: World): void {
  for (const [one, other] of world.mediaNetwork.pairs()) {
    one.silent = true;
    other.silent = true;
  }
}

const rebuilds = async (phone: SimulatedPhone, peerId: string) =>
  (await phone.phone.statistics(phone.lineId, peerId)).rebuilds;

describe('link to a peer', () => {
  it('closes its connection after a while without traffic, on both sides', () => {
    const { world } = connected();
    world.clock.advance(peerIdleMs - 1000);
    expect(world.mediaNetwork.size).toBe(2);
    world.clock.advance(1000);
    expect(world.mediaNetwork.size).toBe(0);
  });

  it('keeps its connection while anything comes or goes', () => {
    const { world, ada } = connected();
    for (let i = 0; i < 5; i += 1) {
      world.clock.advance(peerIdleMs - 1000);
      ada.send('bob', 'still here');
      world.clock.advance(10);
    }
    expect([ada.media.created, world.mediaNetwork.size]).toEqual([1, 2]);
  });

  it('keeps a plain connection that only we use', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const eve = new Stranger(world, 'eve', { plain: true });
    world.clock.advance(10);
    for (let i = 0; i < 5; i += 1) {
      ada.send('eve', 'listen');
      world.clock.advance(peerIdleMs - 1000);
    }
    expect([ada.media.created, eve.messages.length]).toEqual([1, 5]);
  });

  it('is not idle as long as a message waits, and is again once that is given up', () => {
    const world = new World();
    world.peerIdleMs = 4000;
    const ada = world.phone('ada').goOnline();
    const eve = new Stranger(world, 'eve');
    eve.answers = false;
    eve.offer('ada');
    eve.connected();
    const messageId = ada.send('eve', 'never confirmed');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(eve.closed).toBe(0);
    world.clock.advance(4000);
    expect(eve.closed).toBe(1);
  });

  it('builds a connection anew when it is needed after an idle time, and counts that', async () => {
    const { world, ada, bob } = connected();
    expect(await rebuilds(ada, 'bob')).toBe(0);
    world.clock.advance(peerIdleMs);
    ada.send('bob', 'second');
    world.clock.until(() => bob.textsFrom('ada').length === 2, 1000);
    expect([await rebuilds(ada, 'bob'), await rebuilds(bob, 'ada')]).toEqual([1, 1]);
  });

  it('does not count failed attempts as connections built anew', async () => {
    const world = new World({ kind: 'plain' });
    const ada = world.phone('ada').goOnline();
    const messageId = ada.send('bob', 'hi');
    world.clock.advance(12_000);
    world.phone('bob').goOnline();
    world.clock.until(() => ada.outcome(messageId)?.state === 'delivered');
    expect(await rebuilds(ada, 'bob')).toBe(0);
  });

  it('asks a peer that logged in whether it is still there, and leaves a connection that answers alone', () => {
    const { world, ada, bob } = connected();
    world.server.cut('bob');
    world.clock.until(() => bob.info.state === 'online' && world.server.ids.includes('bob'));
    world.clock.advance(2 * probeLimitMs);
    expect([ada.media.created, world.mediaNetwork.size]).toEqual([1, 2]);
  });

  it('finds the connection to a daemon that died at the next login of the peer', () => {
    const { world, ada, bob } = connected();
    bob.restart();
    world.clock.until(() => bob.info.state === 'online');
    expect(ada.media.connections.size).toBe(1);
    world.clock.advance(probeLimitMs + 100);
    expect(ada.media.connections.size).toBe(0);
  });

  it('finds the connection to a daemon that died when the server says that the peer left', () => {
    const { world, ada, bob } = connected();
    bob.kill();
    world.clock.advance(probeLimitMs + 100);
    expect([ada.media.connections.size, ada.peer('bob').online]).toEqual([0, false]);
  });

  it('finds it also when the server told of no leaving: the new daemon took its id over', () => {
    const { world, ada, bob } = connected();
    bob.signalling.kill = () => {};
    bob.restart();
    world.clock.until(() => bob.info.state === 'online');
    world.clock.advance(probeLimitMs + 100);
    expect(ada.told('peer.changed').filter(({ peer }) => !peer.online)).toEqual([]);
    expect(ada.media.connections.size).toBe(0);
    const messageId = ada.send('bob', 'hello again');
    expect(world.clock.until(() => ada.outcome(messageId) !== undefined)).toBeLessThan(500);
  });

  it('builds another connection beside one on which nothing is confirmed', () => {
    const { world, ada, bob } = connected();
    silence(world);
    const messageId = ada.send('bob', 'second');
    const tookMs = world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(tookMs).toBeGreaterThanOrEqual(confirmLimitMs);
    expect(tookMs).toBeLessThan(confirmLimitMs + 500);
    expect(bob.textsFrom('ada')).toEqual(['first', 'second']);
    world.clock.advance(100);
    expect([world.mediaNetwork.pairs().length, world.mediaNetwork.size]).toEqual([1, 2]);
  });

  it('fails nothing because somebody else claims to be the peer while the true one is connected', () => {
    const { world, ada, bob } = connected();
    silence(world);
    const messageId = ada.send('bob', 'second');
    bob.kill();
    world.clock.advance(10);
    const impostor = new Stranger(world, 'bob', { keyName: 'mallory' });
    impostor.answers = false;
    impostor.offer('ada');
    impostor.connected();
    world.clock.advance(100);
    expect(impostor.packetsNamed('peerRefused')).toMatchObject([{ code: 'identityChanged' }]);
    expect(ada.outcome(messageId)).toBeUndefined();
  });

  it('fails what waits when the only one who answers is not the one whom we know', () => {
    const { world, ada, bob } = connected();
    bob.stop();
    world.clock.advance(100);
    new Stranger(world, 'bob', { keyName: 'mallory' });
    const messageId = ada.send('bob', 'secret');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)).toMatchObject({ state: 'failed', confirmed: false, reason: 'identityChanged' });
    expect(ada.outcome(messageId)?.text).toContain('peers.trust');
  });

  it('refuses to trust a key that nobody showed', () => {
    const { ada } = connected();
    expect(() => ada.phone.trust(ada.lineId, 'bob')).toThrow(expect.objectContaining({ code: 'notFound' }));
  });

  it('is online while a connection stands, whatever the server says', () => {
    const { world, ada } = connected();
    world.server.tell('ada', 'peer_left', { id: 'bob' });
    world.clock.advance(10);
    expect(ada.peer('bob').online).toBe(true);
    world.clock.advance(peerIdleMs);
    expect(ada.peer('bob').online).toBe(false);
  });

  it('gives a peer that offers a connection the whole time, whatever the server said of it', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const eve = new Stranger(world, 'eve');
    eve.answers = false;
    world.clock.advance(300);
    world.mediaNetwork.reachable = false;
    const messageId = ada.send('eve', 'hi');
    world.server.tell('ada', 'peer_left', { id: 'eve' });
    world.clock.advance(3500);
    eve.offer('ada');
    world.clock.advance(5000);
    expect(ada.outcome(messageId)).toBeUndefined();
  });

  it('knows whom it chatted with', () => {
    const { ada } = connected();
    expect([ada.store.isKnownPeer(ada.lineId, 'bob'), ada.store.isKnownPeer(ada.lineId, 'cyd')]).toEqual([true, false]);
  });

  it('is idle in its statistics when there is no connection', async () => {
    const { world, ada } = connected();
    world.clock.advance(peerIdleMs);
    const idle = { state: 'idle', plain: false };
    expect(await ada.phone.statistics(ada.lineId, 'bob')).toEqual({ ...idle, rebuilds: 0 });
    expect(await ada.phone.statistics(ada.lineId, 'nobody')).toEqual({ ...idle, rebuilds: 0 });
  });

  it('shows a connection that is being built in its statistics', async () => {
    const { world, ada } = connected();
    world.mediaNetwork.reachable = false;
    world.phone('cyd').goOnline();
    ada.send('cyd', 'hi');
    world.clock.advance(100);
    expect(await ada.phone.statistics(ada.lineId, 'cyd')).toMatchObject({ state: 'connecting' });
  });

  it('rebuilds its connections after the media child died', () => {
    const { world, ada, bob } = connected();
    ada.media.crash();
    const messageId = ada.send('bob', 'second');
    expect(world.clock.until(() => ada.outcome(messageId) !== undefined)).toBeLessThan(2000);
    expect(bob.textsFrom('ada')).toEqual(['first', 'second']);
  });

  it('rebuilds the connection that the own media child took with it also when nothing waits', () => {
    const { world, ada, bob } = connected();
    ada.media.crash();
    world.clock.advance(2000);
    expect(world.mediaNetwork.pairs()).toHaveLength(1);
    const messageId = bob.send('ada', 'not into the void');
    expect(world.clock.until(() => bob.outcome(messageId) !== undefined)).toBeLessThan(100);
  });

  it('says mediaFailed when the media child cannot be started', () => {
    const { world, ada } = connected();
    ada.media.fail();
    const messageId = ada.send('bob', 'second');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)).toMatchObject({ state: 'failed', reason: 'mediaFailed' });
  });

  it('lives with a pong that nobody asked for', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const eve = new Stranger(world, 'eve');
    eve.offer('ada');
    eve.connected().say(encodePeer('peerPong', { nonce: 9 }));
    world.clock.advance(10);
    expect([eve.closed, ada.refused]).toEqual([0, []]);
  });
});
