// Starts TypeScript files in the pinned Node.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, pinnedNode, root } from './paths.mjs';

/**
 * The environment of every Node process of ours. Without the compile cache, stripping types costs about 165 ms a start.
 * @returns {NodeJS.ProcessEnv}
 */
export function runtimeEnvironment() {
  return { ...process.env, NODE_COMPILE_CACHE: join(cacheFolder, 'node-compile') };
}

/**
 * Runs one TypeScript file in the foreground and waits for its end. Signals to this process reach the child, and this
 * process lives until the child has ended, so that an orderly stop is seen to its end.
 * @param {string} entry path below the root
 * @param {string[]} parameters
 * @returns {Promise<number>} the exit code; 128 + signal number when a signal ended it
 */
export function runPinned(entry, parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(pinnedNode, [join(root, entry), ...parameters], {
      stdio: 'inherit',
      env: runtimeEnvironment(),
    });
    // A terminal sends SIGINT to both of us: here it is only kept from ending us first.
    const ignore = () => {};
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on('SIGINT', ignore);
    process.on('SIGTERM', forward);
    process.on('SIGHUP', forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      process.off('SIGHUP', forward);
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}
