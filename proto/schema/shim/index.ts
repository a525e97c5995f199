// The shim wire: every link message, request and event.
import type { Event, LinkMessage, Request } from '../../dsl.ts';
import * as daemon from './daemon.ts';
import * as line from './line.ts';
import * as link from './link.ts';
import * as message from './message.ts';
import * as peer from './peer.ts';

export const linkMessages = {
  hello: link.hello,
  identified: link.identified,
  refused: link.refused,
  who: link.who,
  goodbye: link.goodbye,
  ping: link.ping,
  pong: link.pong,
  taken: link.taken,
} as const satisfies Record<string, LinkMessage<never> | object>;

export const requests = {
  'daemon.status': daemon.daemonStatus,
  'daemon.stop': daemon.daemonStop,
  'line.configure': line.lineConfigure,
  'line.close': line.lineClose,
  'peers.list': peer.peersList,
  'peers.get': peer.peersGet,
  'peers.statistics': peer.peersStatistics,
  'peers.trust': peer.peersTrust,
  'message.send': message.messageSend,
} as const satisfies Record<string, Request<never, never> | object>;

export const events = {
  'line.changed': line.lineChanged,
  'peer.changed': peer.peerChanged,
  'peer.identityChanged': peer.peerIdentityChanged,
  'message.received': message.messageReceived,
  'message.changed': message.messageChanged,
} as const satisfies Record<string, Event<never> | object>;

export type RequestName = keyof typeof requests;
export type EventName = keyof typeof events;
