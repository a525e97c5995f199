import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolders } from '../../support/temporaryFolders.ts';
import { StoreOnDisk, time } from './openStore.ts';

const newFolder = temporaryFolders();

test('the database and its side files are private', () => {
  const disk = new StoreOnDisk(newFolder());
  disk.line();
  const modes = fs
    .readdirSync(path.dirname(disk.file))
    .map((name) => fs.statSync(path.join(disk.file, '..', name)).mode);
  expect(modes.map((mode) => mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
});

describe('lines', () => {
  test('a line keeps its id and resume token, and takes the newest name', () => {
    const disk = new StoreOnDisk(newFolder());
    const { lineId } = disk.store.openLine({ server: 'ws://s', phoneId: 'ada', displayName: 'Ada' });
    disk.store.setResumeToken(lineId, 'resume');
    const again = disk.reopen().openLine({ server: 'ws://s', phoneId: 'ada', displayName: 'Ada L.' });
    expect(again).toEqual({ lineId, server: 'ws://s', phoneId: 'ada', displayName: 'Ada L.', resumeToken: 'resume' });
  });

  test('opening a known line uses up no id', () => {
    const disk = new StoreOnDisk(newFolder());
    for (const name of ['a', 'b', 'c']) disk.store.openLine({ server: 'ws://s', phoneId: 'ada', displayName: name });
    expect([disk.line('ada'), disk.line('eve')]).toEqual([1, 2]);
  });

  test('phone ids are compared as bytes', () => {
    const disk = new StoreOnDisk(newFolder());
    expect(new Set(['a', 'A', 'ä', 'a\u0308'].map((id) => disk.line(id))).size).toBe(4);
  });
});

describe('keys', () => {
  test('the profile key is null at first and the same ever after', () => {
    const disk = new StoreOnDisk(newFolder());
    expect(disk.store.profileKey()).toBeNull();
    disk.store.saveProfileKey(new Uint8Array(32).fill(9));
    expect(disk.reopen().profileKey()).toEqual(new Uint8Array(32).fill(9));
    expect(() => disk.store.saveProfileKey(new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'storeFailed' }),
    );
  });

  test('a pinned key belongs to a phone id on one server, and is replaced by a later one', () => {
    const disk = new StoreOnDisk(newFolder());
    disk.store.pinKey('ws://s', 'bob', new Uint8Array([1]));
    disk.store.pinKey('ws://s', 'bob', new Uint8Array([2]));
    expect(disk.store.pinnedKey('ws://s', 'bob')).toEqual(new Uint8Array([2]));
    expect(disk.store.pinnedKey('ws://other', 'bob')).toBeNull();
  });
});

describe('a damaged database', () => {
  const damaged = (file: string) => fs.readdirSync(path.dirname(file)).filter((name) => name.includes('.damaged-'));

  test('a file that is no database is set aside whole, and the log says where it is', () => {
    const folder = newFolder();
    fs.writeFileSync(path.join(folder, 'phone.db'), 'no database '.repeat(1000));
    const disk = new StoreOnDisk(folder);
    expect(damaged(disk.file)).toEqual(['phone.db.damaged-20261124T060000']);
    expect(fs.readFileSync(path.join(folder, 'phone.db.damaged-20261124T060000'), 'utf8')).toMatch(/^no database/);
    expect(disk.logged).toEqual([expect.stringContaining('phone.db.damaged-20261124T060000')]);
    expect(disk.line()).toBeGreaterThan(time);
  });

  test('keys that can still be read are taken over; ids and sequence numbers begin above the old ones', () => {
    const disk = new StoreOnDisk(newFolder());
    disk.store.saveProfileKey(new Uint8Array(32).fill(9));
    disk.store.pinKey('ws://s', 'bob', new Uint8Array([1]));
    const lineId = disk.line();
    const { messageId } = disk.accept(lineId, 'lost');
    disk.store.close();
    destroy(disk.file, 'lines');
    disk.openAgain();
    expect(damaged(disk.file)).toHaveLength(1);
    expect(disk.store.profileKey()).toEqual(new Uint8Array(32).fill(9));
    expect(disk.store.pinnedKey('ws://s', 'bob')).toEqual(new Uint8Array([1]));
    const freshLine = disk.line();
    expect(disk.store.journalFloor(freshLine)).toBe(time);
    expect(disk.store.takenSequence(freshLine)).toBe(time);
    expect(disk.accept(freshLine, 'new').messageId).toBeGreaterThan(messageId);
    expect(disk.store.nextSequence()).toBe(time + 1);
  });

  test('damage met while running is an error that says what to do, and the next start sets the file aside', () => {
    const disk = new StoreOnDisk(newFolder());
    const lineId = disk.line();
    for (let index = 0; index < 200; index += 1) disk.accept(lineId, 'x'.repeat(500));
    disk.store.close();
    destroyLeaves(disk.file);
    disk.openAgain();
    expect(() => disk.store.outbox(lineId)).toThrow(/damaged; restart the daemon, which sets it aside/);
    disk.reopen();
    expect(damaged(disk.file)).toHaveLength(1);
    expect(disk.store.outboxCount()).toBe(0);
  });

  test('a file of a newer daemon is left alone and refused', () => {
    const disk = new StoreOnDisk(newFolder());
    disk.store.close();
    const sqlite = new DatabaseSync(disk.file);
    sqlite.exec('PRAGMA user_version = 99');
    sqlite.close();
    expect(() => disk.openAgain()).toThrow(/written by a newer daemon/);
    expect(damaged(disk.file)).toEqual([]);
  });
});

test('a file that cannot be opened is storeFailed, with the file and what to check', () => {
  const folder = newFolder();
  fs.mkdirSync(path.join(folder, 'phone.db'));
  expect(() => new StoreOnDisk(folder)).toThrow(/phone\.db cannot be opened .*: check free space and rights/);
});

/** Overwrites the root page of a table. */
function destroy(file: string, table: string): void {
  const sqlite = new DatabaseSync(file);
  const { rootpage } = sqlite.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table) as {
    rootpage: number;
  };
  sqlite.close();
  overwritePages(file, rootpage, rootpage);
}

/** Overwrites everything behind the pages that hold the schema and the first rows. */
function destroyLeaves(file: string): void {
  overwritePages(file, 30, Math.floor(fs.statSync(file).size / 4096));
}

function overwritePages(file: string, first: number, last: number): void {
  const descriptor = fs.openSync(file, 'r+');
  for (let page = first; page <= last; page += 1)
    fs.writeSync(descriptor, Buffer.alloc(4096, 0xee), 0, 4096, (page - 1) * 4096);
  fs.closeSync(descriptor);
}
