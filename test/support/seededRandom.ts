// Chance that can be had again: the same seed gives the same numbers. MOSIS_SEED chooses another one than the test's.
import process from 'node:process';

export class SeededRandom {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = Number(process.env.MOSIS_SEED ?? seed);
    this.#state = this.seed >>> 0;
  }

  /** 0 ≤ x < 1; mulberry32. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, `low` ≤ x < `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low));
  }
}
