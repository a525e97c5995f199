// One set-up at a time in one tree: two package installs or two native builds in the same folder destroy each other.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs the action while holding a lock file that names this process; a lock of a process that is gone is taken over.
 * @template T
 * @param {string} path
 * @param {import('./progress.mjs').Progress} progress
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(path, progress, action) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!tryLock(path)) {
    const holder = readHolder(path);
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) {
      progress.note(`waiting for another set-up in this tree (process ${holder ?? 'unknown'})`);
      told = true;
    }
    await wait(200);
  }
  // run.mjs leaves by process.exit when it is interrupted: no `finally` runs then.
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await action();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} path */
function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** @param {string} path */
function readHolder(path) {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    return holder > 0 ? holder : undefined;
  } catch {
    return undefined; // Released between the two calls: the next try decides.
  }
}

/** @param {number} processId */
function isAlive(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
