// One connected socket as the server sees it: who it is, what it was allowed so far, and how it is written to.
import type { Register } from './incoming.ts';
import { type BucketShape, TokenBucket } from './limits.ts';

/** What a client needs of its socket; a `ws` WebSocket is one. */
export interface Socket {
  /** Bytes accepted by `send` that the network has not taken yet. */
  readonly bufferedAmount: number;
  send(json: string): void;
  ping(): void;
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Close codes; 4009 is ours, the others are those of RFC 6455 (7.4.1) and its registry. */
export const closeCodes = { goingAway: 1001, policy: 1008, tryLater: 1013, takenOver: 4009 } as const;

/** A client waits for an id that somebody else holds. */
export interface Contest {
  readonly holder: Client;
  readonly register: Register;
  /** What the client sent behind its register, in order; bounded, since its socket is paused. */
  readonly waiting: string[];
}

export class Client {
  readonly socket: Socket;
  /** URL path = room. */
  readonly path: string;
  /** True: the client chose the subprotocol and knows more than the plain messages. */
  readonly extended: boolean;
  readonly bucket: TokenBucket;
  /** Set while registered. */
  id: string | undefined;
  name: string | undefined;
  /** Takes the id over at once; only extended clients are told theirs. */
  resume: string | undefined;
  /** Pings sent since the client was last heard. */
  unanswered = 0;
  badMessages = 0;
  droppedMessages = 0;
  /** When it was last told of dropped messages. */
  toldOfDropsMs = Number.NEGATIVE_INFINITY;
  contest: Contest | undefined;
  /** The server has finished with it; whatever still arrives is ignored. */
  finished = false;

  constructor(socket: Socket, path: string, extended: boolean, shape: BucketShape, nowMs: number) {
    this.socket = socket;
    this.path = path;
    this.extended = extended;
    this.bucket = new TokenBucket(shape, nowMs);
  }
}
