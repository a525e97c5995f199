// A damaged phone.db is set aside, never deleted; a fresh one takes over what must not change: the key and the pinned keys.
import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Log } from '../core/ports.ts';
import { Database, isDamage, suspectFile } from './database.ts';

interface Salvage {
  readonly seed: Uint8Array | undefined;
  readonly pins: readonly { server: string; peerId: string; publicKey: Uint8Array }[];
}

/** Opens `file`; when it is damaged, sets it aside as `<file>.damaged-<time>` and begins a new one. */
export function openOrReplace(file: string, now: () => number, log: Log): Database {
  try {
    return new Database(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return replace(file, now(), log, error);
  }
}

function replace(file: string, nowMs: number, log: Log, damage: unknown): Database {
  const aside = setAside(file, nowMs);
  const salvage = readSalvage(aside);
  const fresh = new Database(file);
  fresh.write('The new database', () => {
    beginAbove(fresh, nowMs);
    if (salvage.seed) fresh.prepare('INSERT INTO profileKey (one, seed) VALUES (1, ?)').run(salvage.seed);
    const pin = fresh.prepare('INSERT INTO pinnedKeys (server, peerId, publicKey) VALUES (?, ?, ?)');
    for (const { server, peerId, publicKey } of salvage.pins) pin.run(server, peerId, publicKey);
  });
  log.error('the database was damaged; a fresh one was begun and the old one kept', {
    aside,
    damage: String(damage),
    keyKept: salvage.seed !== undefined,
    pinnedKeysKept: salvage.pins.length,
  });
  return fresh;
}

function setAside(file: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replace(/[-:]/g, '').slice(0, 15);
  let aside = `${file}.damaged-${time}`;
  for (let number = 2; fs.existsSync(aside); number += 1) aside = `${file}.damaged-${time}-${number}`;
  for (const part of ['', '-wal', '-shm']) {
    if (fs.existsSync(file + part)) fs.renameSync(file + part, aside + part);
  }
  fs.rmSync(suspectFile(file), { force: true });
  return aside;
}

/**
 * Ids and sequence numbers are never reused, and how far the old file had come is unknown. The time in ms is above both:
 * no phone has had a message per millisecond since 1970.
 */
function beginAbove(fresh: Database, nowMs: number): void {
  const meta = fresh.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  meta.run('sequenceReserved', nowMs);
  meta.run('journalBase', nowMs);
  const ids = fresh.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)');
  ids.run('messages', nowMs);
  ids.run('lines', nowMs);
}

/** Whatever can still be read of the two. */
function readSalvage(aside: string): Salvage {
  const all = (sql: string): unknown[] => {
    try {
      const old = new DatabaseSync(aside);
      try {
        return old.prepare(sql).all();
      } finally {
        old.close();
      }
    } catch {
      return []; // Damaged there too; the log line of `replace` says what was kept.
    }
  };
  const [key] = all('SELECT seed FROM profileKey') as { seed: Uint8Array }[];
  const pins = all('SELECT server, peerId, publicKey FROM pinnedKeys') as Salvage['pins'];
  return { seed: key?.seed, pins };
}
