// What a simulated network does to what it carries.
import type { Clock } from '../../../daemon/core/ports.ts';
import type { SeededRandom } from './random.ts';

export interface Weather {
  /** Shortest and longest delay. */
  readonly delayMs: readonly [number, number];
  /** Probability of being lost, 0 to 1. */
  readonly loss: number;
  /** Probability of coming twice. */
  readonly duplicates: number;
  /** True: what was sent later may come earlier. */
  readonly reorders: boolean;
}

export const calm: Weather = { delayMs: [1, 1], loss: 0, duplicates: 0, reorders: false };

/** One direction of one connection. */
export class Pipe {
  readonly #random: SeededRandom;
  readonly #weather: () => Weather;
  #lastDueMs = 0;

  constructor(random: SeededRandom, weather: () => Weather) {
    this.#random = random;
    this.#weather = weather;
  }

  /** `clock`: of whoever receives. `reliably`: delayed, but never lost, doubled or overtaken. */
  carry(clock: Clock, deliver: () => void, reliably = false): void {
    const weather = reliably ? { ...calm, delayMs: this.#weather().delayMs } : this.#weather();
    if (this.#random.chance(weather.loss)) return;
    const copies = this.#random.chance(weather.duplicates) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#carryOne(clock, weather, deliver);
  }

  #carryOne(clock: Clock, { delayMs, reorders }: Weather, deliver: () => void): void {
    const nowMs = clock.monotonic();
    const dueMs = nowMs + this.#random.between(...delayMs);
    if (!reorders) this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    clock.after((reorders ? dueMs : this.#lastDueMs) - nowMs, deliver);
  }
}
