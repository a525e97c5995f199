// A clock that only moves when a test says so. Timers fire in the order of their times, equal ones in the order they were set.
import type { CancelTimer, Clock } from '../../../daemon/core/ports.ts';

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** Timers within one call of `advance`: more means that something goes round in circles. */
const stepLimit = 2_000_000;

export class SimulatedClock implements Clock {
  #nowMs = 0;
  #unixStartMs = 1_795_500_000_000;
  /** Latest first, so that the next one is popped. */
  readonly #timers: Timer[] = [];

  now(): number {
    return this.#unixStartMs + Math.floor(this.#nowMs);
  }

  monotonic(): number {
    return this.#nowMs;
  }

  /** The wall clock is set; the monotonic one does not notice. */
  jump(ms: number): void {
    this.#unixStartMs += ms;
  }

  after(delayMs: number, action: () => void): CancelTimer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), action };
    this.#timers.splice(this.#placeOf(timer.dueMs), 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let steps = 0; this.#fireNext(untilMs); steps += 1) {
      if (steps > stepLimit) throw new Error(`more than ${stepLimit} timers within ${ms} ms`);
    }
    this.#nowMs = untilMs;
  }

  /** Lets time pass until `condition` holds; throws when it does not within the limit. The time that it took, in ms. */
  until(condition: () => boolean, limitMs = 60_000): number {
    const startMs = this.#nowMs;
    while (!condition()) {
      if (this.#fireNext(startMs + limitMs)) continue;
      throw new Error(`still not after ${limitMs} ms: ${condition}`);
    }
    return this.#nowMs - startMs;
  }

  #fireNext(untilMs: number): boolean {
    const next = this.#timers.at(-1);
    if (next === undefined || next.dueMs > untilMs) return false;
    this.#timers.pop();
    this.#nowMs = next.dueMs;
    next.action();
    return true;
  }

  /** Before every timer that is due no later: those were set earlier. */
  #placeOf(dueMs: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle] as Timer).dueMs > dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The timers of one daemon: they die with it. */
export class ProcessClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<CancelTimer>();
  #alive = true;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, action: () => void): CancelTimer {
    if (!this.#alive) return () => {};
    const cancel = this.#clock.after(delayMs, () => {
      this.#timers.delete(stop);
      action();
    });
    const stop = (): void => {
      this.#timers.delete(stop);
      cancel();
    };
    this.#timers.add(stop);
    return stop;
  }

  kill(): void {
    this.#alive = false;
    for (const stop of [...this.#timers]) stop();
  }
}
