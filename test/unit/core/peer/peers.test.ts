import { describe, expect, it } from '@jest/globals';
import { answerLimit, linkLimit, listLimit } from '../../../../daemon/core/peer/peers.ts';
import { describe as describeSession, fingerprintOf } from '../../../support/simulation/media.ts';
import type { SimulatedPhone } from '../../../support/simulation/phone.ts';
import { Stranger } from '../../../support/simulation/stranger.ts';
import { World } from '../../../support/simulation/world.ts';

const told = (phone: SimulatedPhone) =>
  phone.told('peer.changed').map(({ peer }) => `${peer.peerId} ${peer.displayName} ${peer.online ? 'online' : 'away'}`);

function alone(options: ConstructorParameters<typeof World>[0] = {}) {
  const world = new World(options);
  const ada = world.phone('ada').goOnline();
  world.clock.advance(300);
  return { world, ada };
}

/** The server says something and a moment passes. */
function say(
  world: World,
  ...[name, value]: Parameters<World['server']['tell']> extends [string, infer N, infer V] ? [N, V] : never
) {
  world.server.tell('ada', name, value);
  world.clock.advance(10);
}

describe('peers of a line', () => {
  it('are told as they come, change their name and go', () => {
    const { world, ada } = alone();
    const bob = world.phone('bob').goOnline();
    world.clock.advance(10);
    bob.configure({ displayName: 'Robert' });
    world.clock.advance(10);
    bob.stop();
    world.clock.advance(10);
    expect(told(ada)).toEqual(['bob bob’s phone online', 'bob Robert online', 'bob Robert away']);
  });

  it('are told once per change, however often the server repeats itself', () => {
    const { world, ada } = alone();
    for (let i = 0; i < 3; i += 1) say(world, 'peer_joined', { id: 'bob', name: 'Bob' });
    for (let i = 0; i < 3; i += 1) say(world, 'peers', { list: [{ id: 'bob', name: 'Bob' }] });
    for (let i = 0; i < 3; i += 1) say(world, 'peer_left', { id: 'bob' });
    for (let i = 0; i < 3; i += 1) say(world, 'peer_left', { id: 'never seen' });
    expect(told(ada)).toEqual(['bob Bob online', 'bob Bob away']);
  });

  it('are those of the list: who is missing in it has gone, who is new has come, a new name is taken', () => {
    const { world, ada } = alone();
    say(world, 'peers', { list: [{ id: 'bob', name: 'Bob' }, { id: 'cyd' }, { id: 'dan', online: false }] });
    expect(ada.peers().map(({ peerId }) => peerId)).toEqual(['bob', 'cyd']);
    say(world, 'peers', { list: [{ id: 'bob', name: 'Robert' }, { id: 'eve' }] });
    expect(told(ada)).toEqual(['bob Bob online', 'cyd  online', 'cyd  away', 'bob Robert online', 'eve  online']);
  });

  it('are not disturbed by a list that repeats what was known', () => {
    const { world, ada } = alone();
    new Stranger(world, 'eve').answers = false;
    world.clock.advance(300);
    ada.send('eve', 'hi');
    for (let i = 0; i < 3; i += 1) say(world, 'peers', { list: [{ id: 'eve' }] });
    expect(world.server.sent('ada', 'offer')).toHaveLength(1);
  });

  it('that nobody ever saw online are not told to be away', () => {
    const { world, ada } = alone();
    ada.send('nobody', 'hi');
    world.clock.advance(60_000);
    expect(told(ada)).toEqual([]);
  });

  it('keep the name that they had when the server tells none', () => {
    const { world, ada } = alone();
    say(world, 'peer_joined', { id: 'bob', name: 'Bob' });
    say(world, 'peer_joined', { id: 'bob' });
    expect(ada.peer('bob')).toEqual({ peerId: 'bob', displayName: 'Bob', online: true });
  });

  it('are found by a newcomer at a keyed server', () => {
    const { world } = alone();
    const bob = world.phone('bob').goOnline();
    world.clock.advance(10);
    expect(bob.peers()).toEqual([{ peerId: 'ada', displayName: 'ada’s phone', online: true }]);
  });

  it('are not listed by a plain server, and can be reached all the same', () => {
    const { world, ada } = alone({ kind: 'plain' });
    const bob = world.phone('bob').goOnline();
    world.clock.advance(10);
    expect([bob.peers(), bob.peer('ada').online]).toEqual([[], false]);
    bob.send('ada', 'hi');
    world.clock.until(() => ada.textsFrom('bob').length === 1, 1000);
    expect(bob.peers()).toEqual([{ peerId: 'ada', displayName: 'ada’s phone', online: true }]);
  });

  it('never hold this phone itself, whatever the server says', () => {
    const { world, ada } = alone();
    const mosis = { v: 1, connection: 'mirror' };
    say(world, 'peer_joined', { id: 'ada', name: 'Mirror' });
    say(world, 'peers', { list: [{ id: 'ada' }] });
    say(world, 'offer', { from: 'ada', sdp: 'v=0', mosis });
    say(world, 'offer', { sdp: 'v=0', mosis });
    expect([ada.peers(), told(ada), ada.media.created]).toEqual([[], [], 0]);
  });

  it('are all away when the server is lost, those connected excepted', () => {
    const { world, ada } = alone();
    const bob = world.phone('bob').goOnline();
    world.phone('cyd').goOnline();
    bob.send('ada', 'hi');
    world.clock.until(() => ada.textsFrom('bob').length === 1, 1000);
    world.server.goDown();
    world.clock.advance(100);
    expect(ada.peers().map(({ peerId }) => peerId)).toEqual(['bob']);
    expect(told(ada).at(-1)).toBe('cyd cyd’s phone away');
  });

  it('that were away before the server was lost count as unknown afterwards', () => {
    const { world, ada } = alone({ kind: 'plain' });
    say(world, 'peer_joined', { id: 'bob' });
    say(world, 'peer_left', { id: 'bob' });
    world.server.cut('ada');
    world.clock.until(() => ada.info.state !== 'online');
    world.clock.until(() => ada.info.state === 'online');
    const messageId = ada.send('bob', 'hi');
    world.clock.advance(10_000);
    expect(ada.outcome(messageId)).toBeUndefined();
  });

  it('are told to a game no more than fit into one answer', () => {
    const { world, ada } = alone();
    for (let i = 0; i < listLimit + 50; i += 1) world.server.tell('ada', 'peer_joined', { id: `p${i}` });
    world.clock.advance(10);
    expect(ada.peers()).toHaveLength(listLimit);
  });

  it('are bounded in number: a hostile list makes no more links, and says so once', () => {
    const { world, ada } = alone();
    for (let i = 0; i < linkLimit + 100; i += 1) world.server.tell('ada', 'peer_joined', { id: `p${i}` });
    world.clock.advance(10);
    expect(ada.peer(`p${linkLimit - 1}`).online).toBe(true);
    expect(ada.peer(`p${linkLimit}`).online).toBe(false);
    expect(ada.warnings('warn').map(({ message }) => message)).toEqual(['too many peers: more are ignored']);
    expect(() => ada.send('somebody new', 'hi')).toThrow(expect.objectContaining({ code: 'queueFull' }));
    say(world, 'peer_left', { id: 'p0' });
    ada.send('somebody new', 'hi');
  });

  it('with a message on its way are never forgotten to make room', () => {
    const { world, ada } = alone();
    const messageId = ada.send('bob', 'hi');
    for (let i = 0; i < linkLimit + 100; i += 1) world.server.tell('ada', 'peer_joined', { id: `p${i}` });
    world.clock.advance(10);
    world.phone('bob').goOnline();
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)?.state).toBe('delivered');
  });

  it('have their offers answered a bounded number at once', () => {
    const { world, ada } = alone();
    for (let i = 0; i < answerLimit + 20; i += 1) {
      const sdp = describeSession(`c${i}`, fingerprintOf(`c${i}`), 'actpass');
      world.server.tell('ada', 'offer', { from: `p${i}`, sdp, mosis: { v: 1, connection: `c${i}` } });
    }
    world.clock.advance(100);
    expect([ada.media.connections.size, ada.refused.length]).toEqual([answerLimit, 20]);
    world.clock.advance(20_000);
    expect(ada.media.connections.size).toBe(0);
  });
});
