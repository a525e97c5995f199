// What a test has been sent and not looked at yet, and a bounded wait for something of it.

interface Waiter<T> {
  readonly matches: (item: T) => boolean;
  readonly resolve: (item: T) => void;
  readonly reject: (why: string) => void;
}

export class Inbox<T> {
  readonly #items: T[] = [];
  readonly #waiters = new Set<Waiter<T>>();
  #ended: string | undefined;

  /** What came and was not taken by `until`. */
  get items(): readonly T[] {
    return this.#items;
  }

  push(item: T): void {
    for (const waiter of this.#waiters) {
      if (waiter.matches(item)) return waiter.resolve(item);
    }
    this.#items.push(item);
  }

  /** Nothing comes any more: whoever waits, now or later, is told why. */
  end(why: string): void {
    this.#ended = why;
    for (const waiter of this.#waiters) waiter.reject(why);
  }

  /** Takes out the first item that matches, already here or still to come. Rejects after `limitMs`, or at the end, and says what was there. */
  until(matches: (item: T) => boolean, what: string, limitMs = 10_000): Promise<T> {
    const index = this.#items.findIndex(matches);
    if (index >= 0) return Promise.resolve(this.#items.splice(index, 1)[0] as T);
    if (this.#ended !== undefined) return Promise.reject(this.#missed(what, this.#ended));
    return new Promise((resolve, reject) => {
      const done = (act: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        act();
      };
      const waiter: Waiter<T> = {
        matches,
        resolve: (item) => done(() => resolve(item)),
        reject: (why) => done(() => reject(this.#missed(what, why))),
      };
      const timer = setTimeout(() => waiter.reject(`not within ${limitMs} ms`), limitMs);
      this.#waiters.add(waiter);
    });
  }

  #missed(what: string, why: string): Error {
    return new Error(`${what} did not come: ${why}; came instead: ${JSON.stringify(this.#items).slice(0, 2000)}`);
  }
}
