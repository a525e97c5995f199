// Lines: (server, phone id) and what is remembered of each.
import type { StatementSync } from 'node:sqlite';
import type { StoredLine } from '../core/ports.ts';
import type { Database } from './database.ts';

export class Lines {
  readonly #database: Database;
  readonly #find: StatementSync;
  readonly #make: StatementSync;
  readonly #rename: StatementSync;
  readonly #setResumeToken: StatementSync;
  readonly #taken: StatementSync;
  readonly #setTaken: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    const base = "(SELECT coalesce(max(value), 0) FROM meta WHERE name = 'journalBase')";
    const columns = 'lineId, server, phoneId, displayName, resumeToken';
    // No upsert: AUTOINCREMENT would use up an id each time a known line is opened.
    this.#find = database.prepare(`SELECT ${columns} FROM lines WHERE server = ? AND phoneId = ?`);
    this.#make = database.prepare(`
      INSERT INTO lines (server, phoneId, displayName, journalFloor, takenSequence)
      VALUES (?, ?, ?, ${base}, ${base}) RETURNING ${columns}`);
    this.#rename = database.prepare('UPDATE lines SET displayName = ? WHERE lineId = ?');
    this.#setResumeToken = database.prepare('UPDATE lines SET resumeToken = ? WHERE lineId = ?');
    this.#taken = database.prepare('SELECT takenSequence FROM lines WHERE lineId = ?');
    this.#setTaken = database.prepare('UPDATE lines SET takenSequence = ? WHERE lineId = ? AND takenSequence < ?');
  }

  open(server: string, phoneId: string, displayName: string): StoredLine {
    const found = this.#database.read('The line', () => this.#find.get(server, phoneId));
    if (found?.displayName === displayName) return { ...found } as unknown as StoredLine;
    return this.#database.write('The line', () => {
      if (found) this.#rename.run(displayName, found.lineId as number);
      return { ...(found ?? this.#make.get(server, phoneId, displayName)), displayName } as unknown as StoredLine;
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
