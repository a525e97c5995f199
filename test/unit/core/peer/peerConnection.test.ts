import { describe, expect, it } from '@jest/globals';
import { connectLimitMs, verifyLimitMs } from '../../../../daemon/core/peer/connectionMachine.ts';
import { malformedLimit } from '../../../../daemon/core/peer/peerConnection.ts';
import { encodePeer } from '../../../../proto/runtime/index.ts';
import { fingerprintOf } from '../../../support/simulation/media.ts';
import type { SimulatedPhone } from '../../../support/simulation/phone.ts';
import { Stranger } from '../../../support/simulation/stranger.ts';
import { World } from '../../../support/simulation/world.ts';

const uuid = new Uint8Array(16).fill(5);
const text = encodePeer('peerText', { uuid, text: 'hi', sentAt: 1 });

/** Eve has offered ada a connection; whether she says hello by herself is up to the test. */
function met(options: { greets?: boolean; plain?: boolean; keyName?: string } = {}) {
  const world = new World();
  const ada = world.phone('ada').goOnline();
  const eve = new Stranger(world, 'eve', options);
  eve.greets = options.greets ?? true;
  eve.offer('ada');
  eve.connected();
  world.clock.advance(20);
  return { world, ada, eve };
}

const refusals = (eve: Stranger) => eve.packetsNamed('peerRefused').map(({ code }) => code);
const stateOf = async (ada: SimulatedPhone, peerId = 'eve') => (await ada.phone.statistics(ada.lineId, peerId)).state;

describe('connection to a peer', () => {
  it('opens once both have said who they are, and measures how long it took', async () => {
    const { ada, eve } = met();
    expect(eve.packetsNamed('peerHello')).toMatchObject([{ phoneId: 'ada', displayName: 'ada’s phone' }]);
    const measured = await ada.phone.statistics(ada.lineId, 'eve');
    expect(measured).toMatchObject({
      state: 'open',
      plain: false,
      rebuilds: 0,
      dtlsState: 'connected',
      roundTripMs: 2,
    });
    expect(measured.connectTimeMs).toBeGreaterThan(0);
  });

  it('learns the name of the peer from its hello', () => {
    expect(met().ada.peer('eve').displayName).toBe('eve the stranger');
  });

  it('pins the key at first contact', () => {
    const { world, ada, eve } = met();
    expect(ada.store.pinnedKey(world.server.url, 'eve')).toEqual(eve.identity.publicKey);
  });

  it('hands on nothing that came before the hello, and counts it', async () => {
    const { world, ada, eve } = met({ greets: false });
    eve.say(text);
    world.clock.advance(10);
    expect([ada.textsFrom('eve'), ada.refused, await stateOf(ada)]).toEqual([
      [],
      ['peerText before the hello'],
      'verifying',
    ]);
    eve.hello();
    eve.say(text);
    world.clock.advance(10);
    expect(ada.textsFrom('eve')).toEqual(['hi']);
  });

  it('refuses an empty text, and counts it', () => {
    const { world, ada, eve } = met();
    eve.say(encodePeer('peerText', { uuid, text: '', sentAt: 1 }));
    world.clock.advance(10);
    expect([ada.textsFrom('eve'), ada.refused]).toEqual([[], ['an empty text']]);
  });

  it.each([
    ['with a wrong signature', { signature: new Uint8Array(64) }],
    ['of another phone', { phoneId: 'bob' }],
    ['with a key that did not sign', { publicKey: new Uint8Array(32).fill(1) }],
  ])('is closed after a hello %s, and the peer is told', (_, changes) => {
    const { world, ada, eve } = met({ greets: false });
    eve.hello(changes);
    world.clock.advance(10);
    expect([refusals(eve), eve.closed]).toEqual([['identityChanged'], 1]);
    expect(ada.store.pinnedKey(world.server.url, 'eve')).toBeNull();
    expect(ada.told('peer.identityChanged')).toEqual([]);
  });

  it('is closed after a hello of a protocol that is too new', () => {
    const { world, eve } = met({ greets: false });
    eve.hello({ protocolMin: 2, protocolMax: 9 });
    world.clock.advance(10);
    expect(refusals(eve)).toEqual(['protocolMismatch']);
  });

  it('is not made with somebody in between who shows each side his own certificate', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const bob = world.phone('bob').goOnline();
    ada.media.remoteFingerprint = fingerprintOf('mallory');
    bob.media.remoteFingerprint = fingerprintOf('mallory');
    const messageId = ada.send('bob', 'secret');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)).toMatchObject({ state: 'failed', reason: 'identityChanged' });
    expect(bob.textsFrom('ada')).toEqual([]);
  });

  it('ends when the certificate of the peer is named by another hash than SHA-256', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const eve = new Stranger(world, 'eve');
    eve.media.fingerprint = 'AB:CD';
    eve.greets = false;
    eve.offer('ada');
    world.clock.until(() => eve.closed === 1, 5000);
    expect(ada.logged).toContainEqual(
      expect.objectContaining({ message: 'connection ended', fields: { peer: 'eve', code: 'malformed' } }),
    );
  });

  it('refuses another key than the pinned one, tells the games, and takes it once a person trusts it', () => {
    const { world, ada, eve } = met();
    eve.connection?.close();
    eve.leave();
    const other = new Stranger(world, 'eve', { keyName: 'other' });
    other.offer('ada');
    other.connected();
    world.clock.advance(10);
    expect(refusals(other)).toEqual(['identityChanged']);
    const fingerprint = ada.identity.fingerprint(other.identity.publicKey);
    expect(ada.told('peer.identityChanged')).toEqual([{ peerId: 'eve', fingerprint }]);
    ada.phone.trust(ada.lineId, 'eve');
    other.offer('ada');
    world.clock.until(() => ada.peer('eve').online && other.opened === 2, 2000);
    other.say(text);
    world.clock.advance(10);
    expect(ada.textsFrom('eve')).toEqual(['hi']);
  });

  it('ends when the peer does not say who it is in time', async () => {
    const { world, eve } = met({ greets: false });
    world.clock.advance(verifyLimitMs - 50);
    expect(eve.closed).toBe(0);
    world.clock.advance(100);
    expect(eve.closed).toBe(1);
  });

  it('ends when the peer refuses us, though we had accepted it', async () => {
    const { world, ada, eve } = met();
    expect(await stateOf(ada)).toBe('open');
    eve.say(encodePeer('peerRefused', { code: 'identityChanged', text: 'who are you?' }));
    world.clock.advance(10);
    expect(await stateOf(ada)).toBe('idle');
  });

  it('gives up when no answer comes in time, and says what to check', () => {
    const world = new World({ kind: 'plain' });
    const ada = world.phone('ada').goOnline();
    const messageId = ada.send('nobody', 'hi');
    world.clock.advance(connectLimitMs + 100);
    expect(ada.outcome(messageId)).toBeUndefined();
    expect(world.server.sent('ada', 'offer')).toHaveLength(1);
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)).toMatchObject({ state: 'failed', reason: 'peerUnreachable' });
    expect(ada.outcome(messageId)?.text).toContain('no answer to the offer');
  });

  it('gives up when there is no path through the network, and names TURN', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    world.phone('bob').goOnline();
    world.mediaNetwork.reachable = false;
    const messageId = ada.send('bob', 'hi');
    world.clock.until(() => ada.outcome(messageId) !== undefined);
    expect(ada.outcome(messageId)?.text).toMatch(/no path through the network.*TURN/);
  });

  it(`ends at the ${malformedLimit}th unusable message, not before`, () => {
    const { world, ada, eve } = met();
    for (let i = 1; i < malformedLimit; i += 1) eve.say(new Uint8Array([0xc1]));
    world.clock.advance(10);
    expect([ada.refused.length, eve.closed]).toEqual([malformedLimit - 1, 0]);
    eve.say('{"type":"message","text":"a string"}');
    world.clock.advance(10);
    expect([ada.refused.length, eve.closed]).toEqual([malformedLimit, 1]);
  });

  it('ignores packets of a newer protocol without counting them', () => {
    const { world, ada, eve } = met();
    eve.say(new Uint8Array([0x92, 0x70, 0x80]));
    world.clock.advance(10);
    expect([ada.refused, eve.closed]).toEqual([[], 0]);
  });

  it('counts a second hello and goes on', () => {
    const { world, ada, eve } = met();
    eve.hello();
    eve.say(text);
    world.clock.advance(10);
    expect([ada.refused, ada.textsFrom('eve')]).toEqual([['a second hello'], ['hi']]);
  });

  it('takes strings as messages only where the whole connection is plain, and nothing else there', () => {
    const { world, ada, eve } = met({ plain: true });
    eve.say('{"type":"message","text":"plain hi"}');
    eve.say('{"type":"typing"}');
    eve.say('no JSON');
    eve.say(text);
    world.clock.advance(10);
    expect(ada.textsFrom('eve')).toEqual(['plain hi']);
    expect(ada.refused).toHaveLength(2);
    expect(eve.messages).toEqual([]);
  });

  it('makes the offerer the DTLS client between daemons, and leaves the choice to plain peers', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const bob = world.phone('bob').goOnline();
    ada.send('bob', 'hi');
    world.clock.until(() => bob.textsFrom('ada').length === 1);
    expect(world.server.sent('ada', 'offer')[0]?.sdp).toContain('a=setup:actpass');
    expect(world.server.sent('bob', 'answer')[0]?.sdp).toContain('a=setup:passive');
    const eve = new Stranger(world, 'eve', { plain: true });
    eve.offer('ada');
    eve.connected();
    expect(eve.heard('answer')[0]?.sdp).toContain('a=setup:active');
  });

  it('answers a ping at once', () => {
    const { world, eve } = met();
    eve.say(encodePeer('peerPing', { nonce: 77 }));
    world.clock.advance(10);
    expect(eve.packetsNamed('peerPong')).toEqual([{ nonce: 77 }]);
  });

  it('ends when the peer takes not even what every daemon must say', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const eve = new Stranger(world, 'eve');
    eve.media.maxMessageBytes = 10;
    eve.greets = false;
    eve.offer('ada');
    world.clock.until(() => eve.closed === 1, 5000);
    expect(ada.logged).toContainEqual(expect.objectContaining({ fields: { peer: 'eve', code: 'tooLarge' } }));
  });

  it('refuses a peer whose key the disk cannot keep, without harm to the rest', () => {
    const { world, ada, eve } = met({ greets: false });
    ada.store.full = true;
    eve.hello();
    world.clock.advance(10);
    expect(refusals(eve)).toEqual(['storeFailed']);
    expect(ada.info.state).toBe('online');
  });
});
