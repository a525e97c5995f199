// The event sequence numbers of the profile: growing over every restart, with one write per block instead of one each.
import type { StatementSync } from 'node:sqlite';
import type { Database } from './database.ts';

const blockSize = 1000;

export class Sequence {
  readonly #save: StatementSync;
  #last: number;
  #reserved: number;

  constructor(database: Database) {
    const row = database.prepare("SELECT value FROM meta WHERE name = 'sequenceReserved'").get();
    this.#save = database.prepare(
      "INSERT INTO meta (name, value) VALUES ('sequenceReserved', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    // Numbers of the last block that were never handed out become a gap.
    this.#last = this.#reserved = (row?.value as number | undefined) ?? 0;
    // A reservation that was undone does not count; what was handed out meanwhile stays handed out.
    database.onRollback(() => {
      this.#reserved = this.#last;
    });
  }

  /** May run inside a transaction; outside of one the reservation is one of its own. */
  next(): number {
    if (this.#last === this.#reserved) {
      this.#save.run(this.#reserved + blockSize);
      this.#reserved += blockSize;
    }
    this.#last += 1;
    return this.#last;
  }

  get last(): number {
    return this.#last;
  }
}
