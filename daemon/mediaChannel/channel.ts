// What the control process and its media child say to each other over the fork's IPC channel; types and limits only.

import type { ErrorCode } from '../core/errors.ts';
import type { ConnectionStatistics, IceServer } from '../core/ports.ts';

/** Largest data channel message, both directions. libdatachannel refuses larger ones; RFC 8841 `max-message-size` tells the peer. */
export const maxMessageBytes = 262_144;
/** At most this much of one connection waits in the child and on the way to it. */
export const sendBufferBytes = 4_194_304;
/** A connection whose buffer was above this mark says `drained` when it falls below. */
export const lowMarkBytes = 262_144;
/** The child tells how much it has taken at the latest after this many bytes, so the host's picture is never older than that. */
export const progressStepBytes = 65_536;
/**
 * The child ends a connection of which this much waits for a control process that does not read. Generous: the library cannot be
 * told to read slower, a peer may send 60 MB/s, and a control process on a busy machine may be a second behind.
 */
export const backlogBytes = 33_554_432;

export interface MediaSettings {
  readonly iceServers: readonly IceServer[];
  /** Local address to gather candidates on; null = all. */
  readonly bindAddress: string | null;
}

/** `connection` is chosen by the control process and never used twice in the life of a child. */
export type ToMedia =
  | { readonly kind: 'configure'; readonly settings: MediaSettings }
  | { readonly kind: 'create'; readonly connection: number }
  | { readonly kind: 'offer'; readonly connection: number }
  | {
      readonly kind: 'remoteDescription';
      readonly connection: number;
      readonly type: 'offer' | 'answer';
      readonly sdp: string;
    }
  | {
      readonly kind: 'remoteCandidate';
      readonly connection: number;
      readonly candidate: string;
      readonly mid: string | undefined;
    }
  | { readonly kind: 'send'; readonly connection: number; readonly data: string | Uint8Array }
  | { readonly kind: 'statistics'; readonly connection: number; readonly request: number }
  | { readonly kind: 'close'; readonly connection: number }
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' };

export type FromMedia =
  /** The native library is loaded and configured; commands are taken from now on. */
  | { readonly kind: 'ready'; readonly libraryVersion: string }
  /** The native library cannot be loaded; the child exits after it. */
  | { readonly kind: 'cannotStart'; readonly text: string }
  | { readonly kind: 'pong' }
  | {
      readonly kind: 'log';
      readonly level: 'error' | 'warn' | 'info' | 'debug';
      readonly message: string;
      readonly fields: Record<string, unknown>;
    }
  | {
      readonly kind: 'description';
      readonly connection: number;
      readonly type: 'offer' | 'answer';
      readonly sdp: string;
    }
  | { readonly kind: 'candidate'; readonly connection: number; readonly candidate: string; readonly mid: string }
  | {
      readonly kind: 'channelOpened';
      readonly connection: number;
      readonly label: string;
      readonly localFingerprint: string;
      readonly remoteFingerprint: string;
      /** The smaller of both sides' limits. */
      readonly maxMessageBytes: number;
    }
  | { readonly kind: 'message'; readonly connection: number; readonly data: string | Uint8Array }
  /** `takenBytes`: all that the channel took since it opened. `bufferedBytes`: of these, not yet handed to SCTP. */
  | {
      readonly kind: 'progress';
      readonly connection: number;
      readonly takenBytes: number;
      readonly bufferedBytes: number;
    }
  /** `statistics` is absent when there is no such connection any more. */
  | { readonly kind: 'statistics'; readonly request: number; readonly statistics?: ConnectionStatistics }
  | { readonly kind: 'closed'; readonly connection: number; readonly code: ErrorCode; readonly text: string };

/** Bytes of a message as both sides count them. A string counts its UTF-16 units times three: never less than its UTF-8. */
export function countedBytes(data: string | Uint8Array): number {
  return typeof data === 'string' ? data.length * 3 : data.byteLength;
}
