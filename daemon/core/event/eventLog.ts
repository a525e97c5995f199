// Numbers events, encodes them once and hands them to the games; durable ones go to disk inside the caller's transaction.
import { encodeEvent } from '../../../proto/runtime/index.ts';
import { tolerated } from '../errors.ts';
import type { EventName, EventValue, JournalEntry, Log, Shims, Store } from '../ports.ts';

export class EventLog {
  readonly #store: Store;
  readonly #shims: Shims;
  readonly #log: Log;

  constructor(store: Store, shims: Shims, log: Log) {
    this.#store = store;
    this.#shims = shims;
    this.#log = log;
  }

  /** An event that only matters to whoever is attached now. Lost when the disk gives no number for it: the next snapshot brings it. */
  publish<N extends EventName>(lineId: number, name: N, value: EventValue<N>): void {
    const entry = tolerated(this.#log, 'an event could not be numbered', () => this.entry(name, value));
    if (entry) this.#shims.publish(lineId, { ...entry, durable: false });
  }

  /** A numbered, encoded event: to be journalled with the change that it tells of, then passed to `published`. */
  entry<N extends EventName>(name: N, value: EventValue<N>): JournalEntry {
    const sequence = this.#store.nextSequence();
    return { sequence, name, bytes: encodeEvent(sequence, name, value) };
  }

  /** Hands out an event whose transaction has been committed. */
  published(lineId: number, entry: JournalEntry): void {
    this.#shims.publish(lineId, { ...entry, durable: true });
  }
}
