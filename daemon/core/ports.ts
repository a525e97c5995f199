// What core needs from the outside world and what the outside may ask of core. Types only; main.ts wires the two.
import type { Infer, ValueOf } from '../../proto/dsl.ts';
import type { events, requests } from '../../proto/schema/shim/index.ts';
import type { lineInfo, lineSettings } from '../../proto/schema/shim/line.ts';
import type { snapshot } from '../../proto/schema/shim/link.ts';
import type { peerInfo } from '../../proto/schema/shim/peer.ts';
import type { signals } from '../../proto/schema/signalling/index.ts';
import type { ErrorCode } from './errors.ts';

export type LineInfo = ValueOf<(typeof lineInfo)['fields']>;
export type LineSettings = ValueOf<(typeof lineSettings)['fields']>;
export type PeerInfo = ValueOf<(typeof peerInfo)['fields']>;
export type Snapshot = ValueOf<(typeof snapshot)['fields']>;
export type EventName = keyof typeof events;
export type EventValue<N extends EventName> = ValueOf<(typeof events)[N]['fields']>;
export type RequestName = keyof typeof requests;
export type RequestParams<N extends RequestName> = ValueOf<(typeof requests)[N]['params']>;
export type RequestResult<N extends RequestName> = ValueOf<(typeof requests)[N]['result']>;
export type SignalName = keyof typeof signals;
export type SignalValue<N extends SignalName> = ValueOf<(typeof signals)[N]['fields']>;
export type AnySignal = { [N in SignalName]: { readonly name: N; readonly value: SignalValue<N> } }[SignalName];
export type PeerStatistics = RequestResult<'peers.statistics'>;
export type { Infer };

// ---------------------------------------------------------------- outside → what core calls

/** Stops a timer; calling it again, or after it fired, does nothing. */
export type CancelTimer = () => void;

export interface Clock {
  /** Unix time in ms; may jump. For what people see. */
  now(): number;
  /** Monotonic time in ms. For waiting. */
  monotonic(): number;
  after(delayMs: number, action: () => void): CancelTimer;
}

export interface Random {
  /** 0 ≤ x < 1; for jitter. */
  fraction(): number;
  /** Cryptographically strong. */
  bytes(count: number): Uint8Array;
}

/** One line per transition on `info`; see style.md (a) 13. Never texts, tokens, SDP, addresses. */
export interface Log {
  error(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
}

/** The profile's Ed25519 key. The secret half never leaves the implementation. */
export interface Identity {
  readonly publicKey: Uint8Array;
  sign(data: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
  /** For people: SHA-256 of a public key, hex in groups of four. */
  fingerprint(publicKey: Uint8Array): string;
}

export interface StoredLine {
  readonly lineId: number;
  readonly server: string;
  readonly phoneId: string;
  readonly displayName: string;
  /** Resume token of the signalling server, if any. */
  readonly resumeToken: string | null;
}

export interface OutboxMessage {
  readonly messageId: number;
  readonly peerId: string;
  readonly uuid: Uint8Array;
  readonly text: string;
  readonly sentAt: number;
}

export interface JournalEntry {
  readonly sequence: number;
  readonly name: EventName;
  /** The whole event message as encodeEvent made it. */
  readonly bytes: Uint8Array;
}

/** An event to be journalled in the same transaction as the change that it tells of. */
export type JournalWrite = JournalEntry;

/**
 * The disk. Synchronous; what returns is durable where the method says so (synchronous=FULL).
 * Every method throws MosisError('storeFailed') when the database cannot be read or written; nothing is half done then.
 */
export interface Store {
  /** Next event sequence number of the profile: grows over restarts, also after kill -9 (gaps allowed). Not a write each time. */
  nextSequence(): number;
  /** Last number handed out. */
  lastSequence(): number;
  /** Finds or makes the line of (server, phoneId); keeps the newest display name. */
  openLine(settings: { server: string; phoneId: string; displayName: string }): StoredLine;
  setResumeToken(lineId: number, token: string | null): void;
  /** Durable. Same (lineId, idempotencyKey) again: the same id, duplicate = true, nothing written. */
  acceptMessage(message: {
    lineId: number;
    peerId: string;
    text: string;
    uuid: Uint8Array;
    sentAt: number;
    idempotencyKey: Uint8Array | null;
  }): { messageId: number; duplicate: boolean };
  /** The message accepted with this key, in whatever state it is. */
  acceptedId(lineId: number, idempotencyKey: Uint8Array): number | null;
  /** Accepted, not yet settled messages of a line in order of acceptance; `peerId` narrows, `afterId` pages. */
  outbox(lineId: number, options?: { peerId?: string; afterId?: number; limit?: number }): OutboxMessage[];
  outboxCount(): number;
  /** Ends the life of a sent message and journals the event; survives kill -9, a power cut may repeat it. False when it was settled before (nothing written). */
  settleMessage(messageId: number, state: 'delivered' | 'failed', makeEvent: () => JournalWrite): boolean;
  /** By uuid: the peer confirms with uuids. */
  outboxIdOf(lineId: number, peerId: string, uuid: Uint8Array): number | null;
  /** Durable. `uuid` null (plain peers): never a duplicate. `makeEvent` is called with the new id inside the transaction. */
  receiveMessage(
    message: {
      lineId: number;
      peerId: string;
      uuid: Uint8Array | null;
      text: string;
      sentAt: number;
      receivedAt: number;
    },
    makeEvent: (messageId: number) => JournalWrite,
  ): { messageId: number; duplicate: boolean };
  /** Journal entries of a line with sequence > after, oldest first, at most `limit`. */
  journalAfter(lineId: number, after: number, limit: number): JournalEntry[];
  /** Everything at or below this sequence may have been dropped from the journal of this line. */
  journalFloor(lineId: number): number;
  /** What some session of this line has taken last; where a session without `since` begins. Written lazily (NORMAL). */
  takenSequence(lineId: number): number;
  setTaken(lineId: number, sequence: number): void;
  /** Key pinned for a phone id on a server, or null at first contact. */
  pinnedKey(server: string, peerId: string): Uint8Array | null;
  /** Durable. */
  pinKey(server: string, peerId: string, publicKey: Uint8Array): void;
  /** A message was exchanged with this peer: it is no stranger. */
  isKnownPeer(lineId: number, peerId: string): boolean;
  close(): void;
}

export interface SignallingHandlers {
  /** The socket is open. `plain`: the server did not select the subprotocol mosis.v1. */
  opened(server: { plain: boolean }): void;
  /** A checked message; malformed and unknown ones are counted and dropped by the implementation. */
  signal(signal: AnySignal): void;
  /** Once, at the end, also when it never opened. Nothing comes afterwards. */
  closed(why: { code: ErrorCode; text: string; closeCode: number }): void;
}

export interface SignallingSocket {
  /** False when the socket is not open or its send buffer is full (1 MiB); nothing is queued then. */
  send<N extends SignalName>(name: N, value: SignalValue<N>): boolean;
  /** Ends it; `closed` is not called any more. */
  close(): void;
}

/** Opens WebSockets to signalling servers: connect limit 10 s, protocol ping 15 s, dead after 2 misses. */
export interface Signalling {
  /** Throws MosisError('invalidArgument') when `url` is no ws:// or wss:// URL. Reaches nobody. */
  check(url: string): void;
  /** Throws what `check` throws. */
  open(url: string, handlers: SignallingHandlers): SignallingSocket;
}

export interface IceServer {
  /** `stun:host:port`, `turn:host:port[?transport=udp]`. */
  readonly urls: string;
  readonly username?: string;
  readonly credential?: string;
}

export interface ConnectionStatistics {
  readonly localCandidate?: string;
  readonly remoteCandidate?: string;
  readonly dtlsState?: string;
  readonly iceState?: string;
  readonly roundTripMs?: number;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
}

export interface ConnectionHandlers {
  /** Local description to be sent to the peer. */
  description(type: 'offer' | 'answer', sdp: string): void;
  candidate(candidate: string, mid: string): void;
  /** The chat channel opened. Fingerprints: `AB:CD:…` (sha-256), as DTLS really used them. */
  channelOpened(channel: { label: string; localFingerprint: string; remoteFingerprint: string }): void;
  /** A whole data channel message on the chat channel; at most 256 KiB. */
  message(data: string | Uint8Array): void;
  /** The send buffer fell below its low mark (256 KiB). */
  drained(): void;
  /** Once, at the end: ICE failed, channel closed, bad SDP, media child died. Nothing comes afterwards. */
  closed(why: { code: ErrorCode; text: string }): void;
}

/** One RTCPeerConnection in the media child. Calls after its end do nothing. */
export interface Connection {
  /** Creates the chat channel and the offer (`a=setup:actpass`). */
  offer(): void;
  /** An offer makes the answer follow by itself. */
  setRemoteDescription(type: 'offer' | 'answer', sdp: string): void;
  /** May come before the remote description: kept until then (at most 64). `a=` prefix and missing mid are fine. */
  addRemoteCandidate(candidate: string, mid: string | undefined): void;
  /**
   * False when the channel is not open or its buffer holds more than 4 MiB; nothing is queued then.
   * Throws MosisError('tooLarge') above 256 KiB, or above what the peer said that it takes.
   */
  send(data: string | Uint8Array): boolean;
  /** Rejects with MosisError('notFound') after the end, or without an answer within 2 s. */
  statistics(): Promise<ConnectionStatistics>;
  /** Ends it; `closed` is not called any more. */
  close(): void;
}

export interface Media {
  readonly state: 'stopped' | 'starting' | 'running' | 'failed';
  readonly pid: number | undefined;
  readonly restarts: number;
  /** Starts the child if it does not run. Called at the first signalling login. */
  start(): void;
  /** While the child is starting, commands wait (bounded); when it cannot start, `closed` says mediaFailed. */
  createConnection(handlers: ConnectionHandlers): Connection;
}

/** The door to the games. */
export interface Shims {
  /** To every session of the line that subscribed; ordered by sequence. */
  publish(lineId: number, entry: JournalEntry & { durable: boolean }): void;
}

// ---------------------------------------------------------------- core → what ipc and main call

/**
 * The phone as the ipc handlers see it. Methods throw MosisError. A session is bound to at most one line;
 * `lineId` 0 = not configured yet.
 */
export interface Phone {
  /** Merges `change` into `current`; opens or moves the line when server and phone id are known. Call attach/detach around it. */
  configureLine(
    current: LineSettings,
    change: LineSettings,
  ): { settings: LineSettings; lineId: number; info: LineInfo };
  /** A session begins to use a line (keeps it open); idempotent per (lineId, sessionId). */
  attach(lineId: number, sessionId: number): void;
  detach(lineId: number, sessionId: number): void;
  /** One session asks to leave; the line closes when no other session uses it. */
  closeLine(lineId: number, sessionId: number): LineInfo;
  lineInfo(lineId: number, settings: LineSettings): LineInfo;
  lines(): LineInfo[];
  peers(lineId: number): PeerInfo[];
  peer(lineId: number, peerId: string): PeerInfo;
  statistics(lineId: number, peerId: string): Promise<PeerStatistics>;
  trust(lineId: number, peerId: string): void;
  /** Durable when it returns. */
  send(lineId: number, peerId: string, text: string, idempotencyKey: Uint8Array | null): number;
  /** True while something is going on that keeps the daemon alive without games (unsettled messages). */
  busy(): boolean;
  /** Orderly end: closes connections and sockets. */
  stop(): void;
}
