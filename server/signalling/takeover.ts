// Contests for an id that somebody holds: the holder is pinged, and keeps the id by showing any sign of life in time.
// Pure bookkeeping: the caller pings, keeps the clock and acts on the outcome.
import { ExpiryQueue } from './limits.ts';

export class Takeovers<C extends object> {
  readonly #deadlines: ExpiryQueue<C>;
  readonly #challengers = new Map<C, C[]>();

  constructor(pingMs: number) {
    this.#deadlines = new ExpiryQueue(pingMs);
  }

  /** Adds a challenger; true when the holder has to be pinged, false when a contest for its id is on already. */
  begin(holder: C, challenger: C, nowMs: number): boolean {
    const queue = this.#challengers.get(holder);
    if (queue) {
      queue.push(challenger);
      return false;
    }
    this.#challengers.set(holder, [challenger]);
    this.#deadlines.add(holder, nowMs);
    return true;
  }

  /** Ends the contest and hands out its challengers in order of coming; empty when there was none. */
  end(holder: C): readonly C[] {
    const queue = this.#challengers.get(holder);
    if (!queue) return [];
    this.#challengers.delete(holder);
    this.#deadlines.remove(holder);
    return queue;
  }

  /** A challenger left; without another one the holder is left in peace. */
  withdraw(holder: C, challenger: C): void {
    const others = this.#challengers.get(holder)?.filter((one) => one !== challenger);
    if (!others) return;
    this.#challengers.set(holder, others);
    if (others.length === 0) this.end(holder);
  }

  /** The holders that were silent for the whole time. Their contests stay open until the caller ends them. */
  silent(nowMs: number): readonly C[] {
    return this.#deadlines.expired(nowMs);
  }
}
