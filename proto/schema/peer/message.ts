// Text messages between two daemons.
import { bin, field, list, peerMessage, str, u53 } from '../../dsl.ts';
import { maxTextBytes } from '../shim/message.ts';

export const peerText = peerMessage({
  id: 16,
  name: 'peerText',
  channel: 'chat',
  doc: 'A text. Sent again after a reconnect until confirmed; the receiver knows it by its uuid.',
  fields: {
    uuid: field(1, bin(16, 16), 'UUIDv7 of the message'),
    text: field(2, str(maxTextBytes), 'UTF-8, 1–65536 bytes'),
    sentAt: field(3, u53, 'When the game sent it; Unix time', { unit: 'ms' }),
  },
  example: { uuid: new Uint8Array(16).fill(1), text: 'Hello!', sentAt: 1795500000000 },
});

export const peerStored = peerMessage({
  id: 17,
  name: 'peerStored',
  channel: 'chat',
  doc: 'These texts are on the receiver’s disk.',
  fields: { uuids: field(1, list(bin(16, 16), 256), 'UUIDs of the texts') },
  example: { uuids: [new Uint8Array(16).fill(1)] },
});
