// One ZeroMQ connection of a game: sends in order without ever waiting for it, and knows how much of that the game has not read.
import { encodeLink, limits } from '../../proto/runtime/index.ts';
import type { Clock } from '../core/ports.ts';
import { MalformedCounter } from './malformed.ts';
import type { ControlRouter } from './router.ts';
import type { Session } from './session.ts';

/** Sent and not known to be read. Beyond it the game is taken for one that does not read. */
export const unreadLimitBytes = 16 * 1024 * 1024;
/** Unread bytes at which a ping asks how far the game has come, instead of waiting for the next beat. */
const askAtBytes = 1024 * 1024;
/** What a message costs beside its bytes. */
const messageOverheadBytes = 128;
const retryMs = 20;
/** What a game said before it went may still wait inside libzmq; that its connection ended comes after it as a message of its own. */
const lastWordsLimitMs = 1000;

export class Connection {
  readonly routingId: Buffer;
  readonly malformed = new MalformedCounter();
  session: Session | undefined;
  /** Monotonic; any message proves that the game's thread runs. */
  heardAt: number;
  /** Monotonic; `who` is said at most once a second. */
  whoSaidAt = Number.NEGATIVE_INFINITY;
  /** What it sends is dropped unread. */
  ignored = false;
  readonly #router: ControlRouter;
  readonly #clock: Clock;
  readonly #onDead: (connection: Connection) => void;
  readonly #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #sending = false;
  #dead = false;
  #sentBytes = 0;
  #readBytes = 0;
  #nonce = 0;
  /** Pings on their way: nonce → bytes sent before it. */
  readonly #pings = new Map<number, number>();

  /** `onDead` is called once: it reads nothing, or has been gone for a while and the router has not told of it. */
  constructor(routingId: Buffer, router: ControlRouter, clock: Clock, onDead: (connection: Connection) => void) {
    this.routingId = routingId;
    this.#router = router;
    this.#clock = clock;
    this.#onDead = onDead;
    this.heardAt = clock.monotonic();
  }

  get unreadBytes(): number {
    return this.#sentBytes - this.#readBytes + this.#queuedBytes;
  }

  /** Takes over `bytes`: they must not change any more. */
  send(bytes: Uint8Array): void {
    if (this.#dead) return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length + messageOverheadBytes;
    if (this.unreadBytes > unreadLimitBytes) return this.#die();
    if (!this.#sending) void this.#flush();
    if (this.unreadBytes > askAtBytes && this.#pings.size === 0) this.ping();
  }

  ping(): void {
    this.#nonce = (this.#nonce + 1) % 0x1_0000_0000;
    // A game that answers nothing is dead after 5 pings; this only bounds one that is asked oftener.
    if (this.#pings.size >= 64) this.#pings.clear();
    this.#pings.set(this.#nonce, this.#sentBytes + this.#queuedBytes);
    this.send(encodeLink('ping', { nonce: this.#nonce }));
  }

  /** Everything sent before that ping has been read. */
  pong(nonce: number): void {
    const sentBefore = this.#pings.get(nonce);
    if (sentBefore === undefined) return;
    this.#readBytes = Math.max(this.#readBytes, sentBefore);
    for (const earlier of this.#pings.keys()) {
      this.#pings.delete(earlier);
      if (earlier === nonce) break;
    }
  }

  /** Nothing of ours has come back for too long. */
  silent(nowMs: number): boolean {
    return nowMs - this.heardAt > limits.shimTimeoutMs;
  }

  /** Resolves when what was given to `send` has been handed to libzmq, or never will be. */
  async flushed(): Promise<void> {
    while (this.#queue.length > 0 && !this.#dead) {
      if (this.#sending) await Promise.resolve();
      else if (!(await this.#flush())) return;
    }
  }

  /** Drops what libzmq has not taken: the session that it was meant for is not on this connection any more. */
  forget(): void {
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }

  /** Sends no more. */
  end(): void {
    this.#dead = true;
    this.forget();
  }

  /** In order, so one at a time: a message that libzmq refuses must not be overtaken. False when it refused one. */
  async #flush(): Promise<boolean> {
    this.#sending = true;
    try {
      for (let bytes = this.#queue[0]; bytes !== undefined; bytes = this.#queue[0]) {
        const outcome = await this.#router.send(this.routingId, bytes);
        if (this.#queue[0] !== bytes) continue; // Forgotten meanwhile.
        if (outcome === 'full') {
          this.#clock.after(retryMs, () => {
            if (!this.#sending) void this.#flush();
          });
          return false;
        }
        if (outcome === 'gone') {
          this.end();
          this.#clock.after(lastWordsLimitMs, () => this.#onDead(this));
          return false;
        }
        this.#queue.shift();
        this.#queuedBytes -= bytes.length + messageOverheadBytes;
        this.#sentBytes += bytes.length + messageOverheadBytes;
      }
      return true;
    } finally {
      this.#sending = false;
    }
  }

  #die(): void {
    if (this.#dead) return;
    this.end();
    this.#onDead(this);
  }
}
