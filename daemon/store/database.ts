// One SQLite file: opened, brought to the newest shape, and read and written so that every failure says what to check.
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { MosisError } from '../core/errors.ts';
import { migrations } from './migrations.ts';

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damageCodes = [11, 26];
/** A person who looks into the file with another program may hold it that long. */
const busyTimeoutMs = 2000;

export class Database {
  readonly file: string;
  readonly #sqlite: DatabaseSync;
  readonly #onRollback: (() => void)[] = [];

  /** Throws the bare SQLite error: `isDamage` tells whether the file is to be set aside. */
  constructor(file: string) {
    this.file = file;
    // SQLite gives the -wal and -shm files the mode of the database.
    fs.closeSync(fs.openSync(file, 'a', 0o600));
    this.#sqlite = new DatabaseSync(file, { timeout: busyTimeoutMs });
    try {
      this.#sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      if (fs.existsSync(suspectFile(file))) this.#checkAll();
      this.#migrate();
    } catch (error) {
      this.#sqlite.close();
      throw error;
    }
  }

  prepare(sql: string): StatementSync {
    return this.#sqlite.prepare(sql);
  }

  /** Reads. `what` stands in the error: "The messages could not be read". */
  read<T>(what: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#failure(`${what} could not be read`, error);
    }
  }

  /** All or nothing, and on disk when it returns. Errors that `work` throws itself pass through. */
  write<T>(what: string, work: () => T): T {
    try {
      this.#sqlite.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw this.#failure(`${what} could not be written`, error);
    }
  }

  /**
   * All or nothing as well, but without waiting for the disk: it survives a crash of this process at once, one of the machine
   * only with the next `write`. For what may happen again afterwards without harm.
   */
  writeLazily<T>(what: string, work: () => T): T {
    this.#sqlite.exec('PRAGMA synchronous = NORMAL');
    try {
      return this.write(what, work);
    } finally {
      this.#sqlite.exec('PRAGMA synchronous = FULL');
    }
  }

  /** For whatever is kept in memory beside the tables: called when a transaction was undone. */
  onRollback(action: () => void): void {
    this.#onRollback.push(action);
  }

  close(): void {
    this.#sqlite.close();
  }

  #rollBack(): void {
    // After some failures (disk full) SQLite has rolled back by itself.
    if (this.#sqlite.isTransaction) this.#sqlite.exec('ROLLBACK');
    for (const action of this.#onRollback) action();
  }

  #migrate(): void {
    const { user_version: version } = this.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > migrations.length) {
      throw new MosisError(
        'storeFailed',
        `${this.file} was written by a newer daemon (version ${version}, this one knows ${migrations.length}): update this one.`,
      );
    }
    for (let step = version; step < migrations.length; step += 1) {
      this.#sqlite.exec(`BEGIN IMMEDIATE; ${migrations[step]}; PRAGMA user_version = ${step + 1}; COMMIT`);
    }
    // A damaged table shows here, not in the first message of a game.
    for (const table of ['meta', 'profileKey', 'lines', 'messages', 'journal', 'pinnedKeys']) {
      this.prepare(`SELECT * FROM ${table} LIMIT 1`).get();
    }
  }

  /** Costs a read of the whole file, so only after damage was met. */
  #checkAll(): void {
    const { quick_check: verdict } = this.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') throw Object.assign(new Error(verdict), { errcode: damageCodes[0] });
    fs.rmSync(suspectFile(this.file));
  }

  #failure(what: string, error: unknown): Error {
    const { errcode, message } = error as { errcode?: number; message: string };
    if (errcode === undefined) return error as Error;
    if (isDamage(error)) markSuspect(this.file);
    const check = isDamage(error)
      ? 'the file is damaged; restart the daemon, which sets it aside'
      : `check free space and rights of ${path.dirname(this.file)}`;
    return new MosisError('storeFailed', `${what} in ${this.file} (${message}): ${check}.`, error);
  }
}

/** The error says that the file is no intact database. */
export function isDamage(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' && damageCodes.includes(errcode & 0xff);
}

/** Beside the database: damage was met while running, so the next start looks at every page. */
export function suspectFile(file: string): string {
  return `${file}.suspect`;
}

function markSuspect(file: string): void {
  try {
    fs.writeFileSync(suspectFile(file), '', { mode: 0o600 });
  } catch {
    // The disk takes nothing more; the error that brought us here is on its way to the game and the log.
  }
}
