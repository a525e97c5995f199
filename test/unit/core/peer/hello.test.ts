import { describe, expect, it } from '@jest/globals';
import { type ChannelView, checkHello, makeHello, type PeerHello } from '../../../../daemon/core/peer/hello.ts';
import { simulatedIdentity } from '../../../support/simulation/identity.ts';
import { fingerprintOf } from '../../../support/simulation/media.ts';

const ada = simulatedIdentity('ada');
const bob = simulatedIdentity('bob');
const eve = simulatedIdentity('eve');
/** The channel as ada sees it, and as bob does. */
const adaView: ChannelView = {
  connectionId: 'c1',
  ...{ ownId: 'ada', peerId: 'bob' },
  ...{ ownFingerprint: fingerprintOf('ada'), peerFingerprint: fingerprintOf('bob') },
};
const bobView: ChannelView = {
  connectionId: 'c1',
  ...{ ownId: 'bob', peerId: 'ada' },
  ...{ ownFingerprint: fingerprintOf('bob'), peerFingerprint: fingerprintOf('ada') },
};
const bobsHello = (view = bobView, identity = bob) => makeHello(view, 'Bob', identity, 'test 1');
const check = (hello: PeerHello, pinned: Uint8Array | null = null, view = adaView) =>
  checkHello(hello, view, pinned, ada);

describe('peer hello', () => {
  it('says who speaks, what it can do and which protocols it knows', () => {
    expect(bobsHello()).toMatchObject({
      ...{
        protocolMin: 1,
        protocolMax: 1,
        phoneId: 'bob',
        displayName: 'Bob',
        capabilities: ['text'],
        software: 'test 1',
      },
      publicKey: bob.publicKey,
    });
  });

  it('is believed at first contact, and later with the same key', () => {
    expect(check(bobsHello())).toEqual({ ok: true, firstContact: true });
    expect(check(bobsHello(), bob.publicKey)).toEqual({ ok: true, firstContact: false });
  });

  it.each([
    ['another connection', { ...bobView, connectionId: 'c2' }],
    ['another receiver', { ...bobView, peerId: 'cyd' }],
    [
      'another DTLS certificate of the receiver: somebody stands in between',
      { ...bobView, peerFingerprint: fingerprintOf('eve') },
    ],
    ['another DTLS certificate of the sender', { ...bobView, ownFingerprint: fingerprintOf('eve') }],
  ])('is refused when its signature is for %s', (_, view) => {
    expect(check(bobsHello(view))).toMatchObject({ ok: false, code: 'identityChanged' });
  });

  it('is refused when it is our own, sent back', () => {
    const own = makeHello(adaView, 'Ada', ada, 'test 1');
    expect(check(own).ok).toBe(false);
    expect(check({ ...own, phoneId: 'bob' }).ok).toBe(false);
  });

  it('is refused when another id speaks than was called', () => {
    const hello = bobsHello({ ...bobView, ownId: 'eve' }, eve);
    expect(check(hello)).toMatchObject({ ok: false, code: 'identityChanged' });
    expect(check(hello)).not.toHaveProperty('otherKey');
  });

  it('is refused with another key than the pinned one, which a person may trust then', () => {
    const hello = bobsHello(bobView, eve);
    expect(check(hello, bob.publicKey)).toMatchObject({ ok: false, code: 'identityChanged', otherKey: eve.publicKey });
  });

  it('offers no key to be trusted that the peer did not prove to hold', () => {
    const hello = { ...bobsHello(), publicKey: eve.publicKey };
    expect(check(hello, bob.publicKey)).not.toHaveProperty('otherKey');
  });

  it.each([
    [2, 3],
    [0, 0],
  ])('is refused when the peer speaks protocols %i to %i, and says which side is older', (protocolMin, protocolMax) => {
    const verdict = check({ ...bobsHello(), protocolMin, protocolMax });
    expect(verdict).toMatchObject({ ok: false, code: 'protocolMismatch' });
    expect(verdict.ok ? '' : verdict.text).toContain(`${protocolMin} to ${protocolMax}`);
  });
});
