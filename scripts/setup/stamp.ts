// Remembers by a hash of its inputs that a set-up step has been done.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../bootstrap/paths.mjs';

/** Where the stamp of a step lies, and the hash that it must hold. */
export type Stamp = { readonly path: string; readonly hash: string };

/**
 * Makes the stamp of a step from everything that decides its result.
 * @param name of the step; names the file in .cache/stamps
 * @param files their contents count; missing ones count as empty
 * @param words anything else that counts, such as a tool's version
 */
export function stampOf(name: string, files: readonly string[], words: readonly string[] = []): Stamp {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    hash.update(`${file}\0`);
    hash.update(existsSync(file) ? readFileSync(file) : '');
  }
  hash.update(words.join('\0'));
  return { path: join(cacheFolder, 'stamps', name), hash: hash.digest('hex') };
}

/** Whether the step was done with these very inputs. */
export function isDone(stamp: Stamp): boolean {
  return existsSync(stamp.path) && readFileSync(stamp.path, 'utf8') === stamp.hash;
}

/** Notes that the step is done. */
export function markDone(stamp: Stamp): void {
  mkdirSync(dirname(stamp.path), { recursive: true });
  writeFileSync(stamp.path, stamp.hash);
}
