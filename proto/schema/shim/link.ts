// The link itself: who is there, which version is spoken, is the other side alive.
import { bin, bool, enumeration, field, link, list, oneOf, optional, ref, str, struct, u32, u53 } from '../../dsl.ts';
import { errorCode } from './error.ts';
import { lineInfo, lineSettings } from './line.ts';
import { peerInfo } from './peer.ts';

/** Protocol versions that this source describes. */
export const protocolMin = 1;
export const protocolMax = 1;

export const snapshot = struct('Snapshot', 'Everything a game must know to go on, as of `sequence`.', {
  sequence: field(1, u53, 'Last event that is contained in this snapshot'),
  line: field(2, ref(lineInfo), 'The session’s line'),
  peers: field(3, list(ref(peerInfo), 1024), 'Online peers, at most 1024'),
});

export const hello = link({
  kind: 1,
  name: 'hello',
  doc: 'First message of a session and first one after each reconnect. Answered by identified or refused.',
  direction: 'toDaemon',
  fields: {
    protocolMin: field(1, u32, 'Oldest protocol version that the shim speaks'),
    protocolMax: field(2, u32, 'Newest protocol version that the shim speaks'),
    token: field(3, str(128), 'From endpoint.json'),
    sessionKey: field(4, bin(16, 16), 'Random, one per client object: the daemon knows a reconnect by it'),
    app: field(5, str(128), 'Name of the game'),
    appVersion: optional(6, str(64), 'Its version'),
    engine: optional(7, str(64), 'Engine and version'),
    pid: field(8, u32, 'Process id'),
    scopes: optional(9, list(str(64), 32), 'What it wants to do; left out = everything'),
    events: field(10, u32, 'Categories of events: a bit each'),
    since: optional(11, u53, 'Last event that the game took; durable events after it are sent again'),
    line: optional(12, ref(lineSettings), 'Line to bind to at once; saves a line.configure'),
  },
  example: {
    protocolMin: 1,
    protocolMax: 1,
    token: '6f1c0a…',
    sessionKey: new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    app: 'chat-cpp',
    pid: 4700,
    events: 7,
    line: { server: 'ws://127.0.0.1:8080', phoneId: 'ada', displayName: 'Ada' },
  },
});

export const identified = link({
  kind: 2,
  name: 'identified',
  doc: 'The session stands.',
  direction: 'toShim',
  fields: {
    protocol: field(1, u32, 'Version chosen: the highest that both speak'),
    daemonVersion: field(2, str(64), 'Version of the daemon'),
    pid: field(3, u32, 'Process id of the daemon'),
    profile: field(4, str(64), 'Profile'),
    sessionId: field(5, u53, 'Session'),
    scopes: field(6, list(str(64), 32), 'What was granted'),
    resumed: field(7, bool, 'Durable events after `since` follow without a gap'),
    snapshot: field(8, ref(snapshot), 'State as it is now'),
  },
  example: {
    protocol: 1,
    daemonVersion: '0.1.0',
    pid: 4711,
    profile: 'default',
    sessionId: 1,
    scopes: ['all'],
    resumed: true,
    snapshot: {
      sequence: 4096,
      line: { lineId: 1, state: 'online', server: 'ws://127.0.0.1:8080', phoneId: 'ada', displayName: 'Ada' },
      peers: [{ peerId: 'bob', displayName: 'Bob', online: true }],
    },
  },
});

export const refused = link({
  kind: 3,
  name: 'refused',
  doc: 'The session does not come about, or ends. The shim does not try again by itself, except after shuttingDown.',
  direction: 'toShim',
  fields: {
    code: field(1, oneOf(errorCode), 'Why'),
    text: field(2, str(1024), 'The same for people: what to check'),
  },
  example: {
    code: 'protocolMismatch',
    text: 'The daemon 0.1.0 speaks protocol 1 to 1, this shim 3 to 4: update the daemon.',
  },
});

export const who = link({
  kind: 4,
  name: 'who',
  doc: 'The daemon does not know this connection (it restarted): say hello again.',
  direction: 'toShim',
  fields: {},
  example: {},
});

export const goodbyeReason = enumeration('GoodbyeReason', 'Why the link ends in an orderly way.', {
  gameEnds: [0, 'The game closes its client.'],
  daemonStops: [1, 'The daemon stops.'],
});

export const goodbye = link({
  kind: 5,
  name: 'goodbye',
  doc: 'Orderly end. Without it the other side is taken for crashed.',
  direction: 'both',
  fields: { reason: field(1, oneOf(goodbyeReason), 'Why') },
  example: { reason: 'gameEnds' },
});

export const ping = link({
  kind: 6,
  name: 'ping',
  doc: 'Is your event loop alive? Answered by pong at once.',
  direction: 'both',
  fields: { nonce: field(1, u32, 'Comes back in the pong') },
  example: { nonce: 1 },
});

export const pong = link({
  kind: 7,
  name: 'pong',
  doc: 'Answer to ping.',
  direction: 'both',
  fields: { nonce: field(1, u32, 'Of the ping') },
  example: { nonce: 1 },
});

export const taken = link({
  kind: 8,
  name: 'taken',
  doc: 'The game took all events up to and including this one. The daemon keeps at most 1024 untaken events in flight per session.',
  direction: 'toDaemon',
  fields: { sequence: field(1, u53, 'Sequence number of the last event taken') },
  example: { sequence: 4100 },
});

/** Kinds with a fixed array form instead of a map; see STANDARD.md. */
export const envelopeKind = {
  /** `[16, requestId, methodId, params, deadlineMs, idempotencyKey | nil]` */
  request: 16,
  /** `[17, requestId, 0, result]` or `[17, requestId, errorCode, text]` */
  response: 17,
  /** `[18, sequence, eventId, fields]` */
  event: 18,
} as const;
