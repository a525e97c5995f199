// The peer wire: messages in the data channels of a PeerConnection.
import { peerHello, peerPing, peerPong, peerRefused } from './hello.ts';
import { peerStored, peerText } from './message.ts';

/** Peer protocol versions that this source describes. */
export const peerProtocolMin = 1;
export const peerProtocolMax = 1;

export const peerMessages = { peerHello, peerRefused, peerPing, peerPong, peerText, peerStored } as const;
export type PeerMessageName = keyof typeof peerMessages;
