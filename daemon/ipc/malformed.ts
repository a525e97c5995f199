// Counts messages that were refused, and tells when one connection sends nothing else.

/** So many malformed messages within `floodWindowMs` end a connection. */
export const floodLimit = 100;
export const floodWindowMs = 10_000;

/** Of one connection. */
export class MalformedCounter {
  #windowBegan = Number.NEGATIVE_INFINITY;
  #inWindow = 0;

  /** True when this one makes it a flood. `nowMs` is monotonic. */
  count(nowMs: number): boolean {
    if (nowMs - this.#windowBegan > floodWindowMs) {
      this.#windowBegan = nowMs;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    return this.#inWindow >= floodLimit;
  }
}
