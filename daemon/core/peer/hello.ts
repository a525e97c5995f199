// Proves who is at the other end of a data channel: a signature over both ids and both DTLS fingerprints as each side sees them, so
// that nobody can stand in between (unknown key-share, RFC 8844). No I/O.
import type { ValueOf } from '../../../proto/dsl.ts';
import { peerHelloText } from '../../../proto/runtime/index.ts';
import type { peerHello } from '../../../proto/schema/peer/hello.ts';
import { peerProtocolMax, peerProtocolMin } from '../../../proto/schema/peer/index.ts';
import type { ErrorCode } from '../errors.ts';
import type { Identity } from '../ports.ts';

export type PeerHello = ValueOf<(typeof peerHello)['fields']>;

/** The channel as this side sees it. */
export interface ChannelView {
  readonly connectionId: string;
  readonly ownId: string;
  readonly peerId: string;
  readonly ownFingerprint: string;
  readonly peerFingerprint: string;
}

export function makeHello(view: ChannelView, displayName: string, identity: Identity, software: string): PeerHello {
  const signed = peerHelloText({
    signerPhoneId: view.ownId,
    verifierPhoneId: view.peerId,
    signerFingerprint: view.ownFingerprint,
    verifierFingerprint: view.peerFingerprint,
    connection: view.connectionId,
  });
  return {
    protocolMin: peerProtocolMin,
    protocolMax: peerProtocolMax,
    phoneId: view.ownId,
    displayName,
    capabilities: ['text'],
    publicKey: identity.publicKey,
    signature: identity.sign(signed),
    software,
  };
}

export type HelloVerdict =
  | { readonly ok: true; readonly firstContact: boolean }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly text: string;
      /** The peer has proved that it holds this key, but another one is pinned: a person may trust it. */
      readonly otherKey?: Uint8Array;
    };

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** `pinned`: the key kept from first contact, null when there was none. */
export function checkHello(
  hello: PeerHello,
  view: ChannelView,
  pinned: Uint8Array | null,
  identity: Identity,
): HelloVerdict {
  if (hello.protocolMin > peerProtocolMax || hello.protocolMax < peerProtocolMin) {
    const text = `${view.peerId} speaks peer protocol ${hello.protocolMin} to ${hello.protocolMax}, this phone ${peerProtocolMin} to ${peerProtocolMax}: update the older of the two`;
    return { ok: false, code: 'protocolMismatch', text };
  }
  if (hello.phoneId !== view.peerId) {
    const text = `The phone at the other end calls itself ${hello.phoneId}, not ${view.peerId}: the signalling server mixed them up, or somebody pretends`;
    return { ok: false, code: 'identityChanged', text };
  }
  const signed = peerHelloText({
    signerPhoneId: view.peerId,
    verifierPhoneId: view.ownId,
    signerFingerprint: view.peerFingerprint,
    verifierFingerprint: view.ownFingerprint,
    connection: view.connectionId,
  });
  if (!identity.verify(hello.publicKey, signed, hello.signature)) {
    const text = `The signature of ${view.peerId} does not fit this connection: somebody may stand between the phones`;
    return { ok: false, code: 'identityChanged', text };
  }
  if (pinned !== null && !sameBytes(pinned, hello.publicKey)) {
    const text = `${view.peerId} shows another key than at first contact: ask the person, then trust it with peers.trust`;
    return { ok: false, code: 'identityChanged', text, otherKey: hello.publicKey };
  }
  return { ok: true, firstContact: pinned === null };
}
