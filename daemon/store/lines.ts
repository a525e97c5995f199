// Lines: (server, phone id) and what is remembered of each.
import type { StatementSync } from 'node:sqlite';
import type { StoredLine } from '../core/ports.ts';
import type { Database } from './database.ts';

export class Lines {
  readonly #database: Database;
  readonly #open: StatementSync;
  readonly #setResumeToken: StatementSync;
  readonly #taken: StatementSync;
  readonly #setTaken: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    const base = "(SELECT coalesce(max(value), 0) FROM meta WHERE name = 'journalBase')";
    this.#open = database.prepare(`
      INSERT INTO lines (server, phoneId, displayName, journalFloor, takenSequence)
      VALUES (?, ?, ?, ${base}, ${base})
      ON CONFLICT (server, phoneId) DO UPDATE SET displayName = excluded.displayName
      RETURNING lineId, server, phoneId, displayName, resumeToken`);
    this.#setResumeToken = database.prepare('UPDATE lines SET resumeToken = ? WHERE lineId = ?');
    this.#taken = database.prepare('SELECT takenSequence FROM lines WHERE lineId = ?');
    this.#setTaken = database.prepare('UPDATE lines SET takenSequence = ? WHERE lineId = ? AND takenSequence < ?');
  }

  open(server: string, phoneId: string, displayName: string): StoredLine {
    return this.#database.write('The line', () => {
      const line = this.#open.get(server, phoneId, displayName);
      return { ...line } as unknown as StoredLine;
    });
  }

  setResumeToken(lineId: number, token: string | null): void {
    this.#database.write('The resume token', () => this.#setResumeToken.run(token, lineId));
  }

  taken(lineId: number): number {
    return this.#database.read('The line', () => (this.#taken.get(lineId)?.takenSequence as number | undefined) ?? 0);
  }

  setTaken(lineId: number, sequence: number): void {
    this.#database.writeLazily('What the game took', () => this.#setTaken.run(sequence, lineId, sequence));
  }
}
