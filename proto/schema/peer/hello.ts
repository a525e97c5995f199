// First message in the chat channel, both ways: who speaks, proved over the DTLS session itself.
import { bin, field, list, oneOf, optional, peerMessage, str, u32 } from '../../dsl.ts';
import { errorCode } from '../shim/error.ts';

export const peerHello = peerMessage({
  id: 1,
  name: 'peerHello',
  channel: 'chat',
  doc: 'Nothing else is sent, shown or stored before the hello of the other side has been verified.',
  fields: {
    protocolMin: field(1, u32, 'Oldest peer protocol spoken'),
    protocolMax: field(2, u32, 'Newest peer protocol spoken'),
    phoneId: field(3, str(128), 'Own phone id, as registered at the server'),
    displayName: field(4, str(256), 'Own name'),
    capabilities: field(5, list(str(64), 64), 'What this side can do, e.g. "text"'),
    publicKey: field(6, bin(32, 32), 'Ed25519 public key of the profile'),
    signature: field(7, bin(64, 64), 'Ed25519 over STANDARD.md “peer hello”: both ids, both DTLS fingerprints'),
    software: optional(8, str(64), 'Name and version, for people'),
  },
  example: {
    protocolMin: 1,
    protocolMax: 1,
    phoneId: 'ada',
    displayName: 'Ada',
    capabilities: ['text'],
    publicKey: new Uint8Array(32).fill(7),
    signature: new Uint8Array(64).fill(9),
  },
});

export const peerRefused = peerMessage({
  id: 2,
  name: 'peerRefused',
  channel: 'chat',
  doc: 'The other side is not accepted; the connection is closed after this.',
  fields: { code: field(1, oneOf(errorCode), 'Why'), text: field(2, str(1024), 'For people') },
  example: { code: 'identityChanged', text: 'The key of ada is not the one pinned at first contact.' },
});

export const peerPing = peerMessage({
  id: 3,
  name: 'peerPing',
  channel: 'chat',
  doc: 'Are you still there? Asked when the server says that the peer logged in anew. Answered by peerPong at once.',
  fields: { nonce: field(1, u32, 'Comes back in the pong') },
  example: { nonce: 7 },
});

export const peerPong = peerMessage({
  id: 4,
  name: 'peerPong',
  channel: 'chat',
  doc: 'Answer to peerPing.',
  fields: { nonce: field(1, u32, 'Of the ping') },
  example: { nonce: 7 },
});
