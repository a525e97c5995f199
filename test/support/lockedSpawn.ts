// Starts a program as the launcher does: descriptor 3 is the profile's daemon.lock, locked.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pinnedNode } from './jsonLineProcess.ts';

export interface LockedSpawnOptions {
  readonly lockFile: string;
  /** Script and arguments for the pinned Node. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Throws when somebody else holds the lock. stdout is the ready pipe; the child has an IPC channel to us. */
export function lockedSpawn({ lockFile, command, env }: LockedSpawnOptions): ChildProcess {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true, mode: 0o700 });
  const lock = fs.openSync(lockFile, 'a+', 0o600);
  try {
    // flock(1) locks the open file behind the descriptor, which the daemon then shares.
    const { status } = spawnSync('flock', ['--nonblock', '3'], { stdio: ['ignore', 'ignore', 'inherit', lock] });
    if (status !== 0) throw new Error(`${lockFile} is locked by another daemon`);
    return spawn(pinnedNode, ['--disable-warning=ExperimentalWarning', ...command], {
      stdio: ['ignore', 'pipe', 'pipe', lock, 'ipc'],
      env: { ...process.env, ...env, MOSIS_LOCK_FD: '3' },
    });
  } finally {
    fs.closeSync(lock);
  }
}
