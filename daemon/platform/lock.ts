// Exactly one daemon per profile: checks that the launcher handed us daemon.lock, locked. Takes no lock itself (Node cannot flock).
import fs from 'node:fs';
import process from 'node:process';
import { MosisError } from '../core/errors.ts';

/** The launcher passes the locked file as this descriptor: exactly 3, so that children never inherit it (notes: ipc.md 7). */
const lockDescriptor = 3;

/** Throws daemonStartFailed unless `MOSIS_LOCK_FD` is descriptor 3, is `lockFile`, and (where Linux tells) holds a flock. */
export function verifyLock(lockFile: string, env: Readonly<Record<string, string | undefined>> = process.env): void {
  const given = env.MOSIS_LOCK_FD;
  if (given === undefined) {
    throw notLocked('MOSIS_LOCK_FD is not set: start the daemon through "mosisd", which takes the lock first');
  }
  if (given !== String(lockDescriptor)) throw notLocked(`MOSIS_LOCK_FD is "${given}", not ${lockDescriptor}`);
  const held = statDescriptor();
  const file = fs.statSync(lockFile, { throwIfNoEntry: false });
  if (held === undefined || file === undefined || held.dev !== file.dev || held.ino !== file.ino) {
    throw notLocked(
      `descriptor ${lockDescriptor} is not ${lockFile}: was the runtime folder removed or another profile meant?`,
    );
  }
  if (!holdsFlock()) throw notLocked(`descriptor ${lockDescriptor} is ${lockFile} but not locked`);
}

/**
 * Whether somebody holds the lock; false where this system does not tell. Who, is not to be had: /proc/locks names the process
 * that took it, and that was the launcher.
 */
export function isLocked(lockFile: string): boolean {
  const file = fs.statSync(lockFile, { throwIfNoEntry: false });
  if (file === undefined || !fs.existsSync('/proc/locks')) return false;
  const locks = fs.readFileSync('/proc/locks', 'utf8');
  return new RegExp(`FLOCK .*:${file.ino} `).test(locks);
}

function statDescriptor(): fs.Stats | undefined {
  try {
    return fs.fstatSync(lockDescriptor);
  } catch {
    return undefined; // Not open at all: the caller words the error.
  }
}

function holdsFlock(): boolean {
  const info = `/proc/self/fdinfo/${lockDescriptor}`;
  return !fs.existsSync(info) || /^lock:.*FLOCK/m.test(fs.readFileSync(info, 'utf8'));
}

function notLocked(fault: string): MosisError {
  return new MosisError('daemonStartFailed', `The daemon lock is not ours: ${fault}.`);
}
