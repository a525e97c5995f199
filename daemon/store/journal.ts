// Durable events as they were sent, so that a game that was away gets them again. Bounded per line; the oldest go first.
import type { StatementSync } from 'node:sqlite';
import type { EventName, JournalEntry } from '../core/ports.ts';
import type { Database } from './database.ts';

/** Entries kept per line. */
export const journalLimit = 100_000;

export interface JournalLimits {
  readonly entries: number;
  /** Trimmed by so many at once, so that not every message deletes one. */
  readonly slack: number;
}

export class Journal {
  readonly #database: Database;
  readonly #limits: JournalLimits;
  readonly #counts = new Map<number, number>();
  readonly #insert: StatementSync;
  readonly #count: StatementSync;
  readonly #oldestKept: StatementSync;
  readonly #deleteBelow: StatementSync;
  readonly #setFloor: StatementSync;
  readonly #after: StatementSync;
  readonly #floor: StatementSync;

  constructor(database: Database, limits: JournalLimits = { entries: journalLimit, slack: 1000 }) {
    this.#database = database;
    this.#limits = limits;
    this.#insert = database.prepare('INSERT INTO journal (sequence, lineId, name, bytes) VALUES (?, ?, ?, ?)');
    this.#count = database.prepare('SELECT count(*) AS entries FROM journal WHERE lineId = ?');
    this.#oldestKept = database.prepare(
      'SELECT sequence FROM journal WHERE lineId = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?',
    );
    this.#deleteBelow = database.prepare('DELETE FROM journal WHERE lineId = ? AND sequence < ?');
    this.#setFloor = database.prepare('UPDATE lines SET journalFloor = ? WHERE lineId = ?');
    this.#after = database.prepare(
      'SELECT sequence, name, bytes FROM journal WHERE lineId = ? AND sequence > ? ORDER BY sequence LIMIT ?',
    );
    this.#floor = database.prepare('SELECT journalFloor FROM lines WHERE lineId = ?');
    database.onRollback(() => this.#counts.clear());
  }

  /** Inside the caller's transaction. */
  append(lineId: number, entry: JournalEntry): void {
    const before = this.#counts.get(lineId) ?? (this.#count.get(lineId)?.entries as number);
    this.#insert.run(entry.sequence, lineId, entry.name, entry.bytes);
    this.#counts.set(lineId, before + 1);
    if (before + 1 >= this.#limits.entries + this.#limits.slack) this.#trim(lineId);
  }

  after(lineId: number, sequence: number, limit: number): JournalEntry[] {
    return this.#database.read('The journal', () =>
      this.#after.all(lineId, sequence, limit).map((row) => ({
        sequence: row.sequence as number,
        name: row.name as EventName,
        bytes: row.bytes as Uint8Array,
      })),
    );
  }

  floor(lineId: number): number {
    return this.#database.read('The line', () => (this.#floor.get(lineId)?.journalFloor as number | undefined) ?? 0);
  }

  #trim(lineId: number): void {
    const oldest = this.#oldestKept.get(lineId, this.#limits.entries - 1)?.sequence as number;
    this.#deleteBelow.run(lineId, oldest);
    this.#setFloor.run(oldest - 1, lineId);
    this.#counts.set(lineId, this.#limits.entries);
  }
}
