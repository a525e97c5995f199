// Runs a foreign tool with its output in a log file, so that the screen shows steps and not compilers.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import { cacheFolder, root } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} log name of the log file in .cache/logs, without its ending
 * @property {string} [cwd] default: the root of the tree
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs] after that the tool and all that it started are killed; default 40 minutes: a build on a busy machine takes long
 * @property {(line: string) => void} [onLine] each line of output, as it comes
 */

/**
 * Runs a tool to its end and gives its exit code and output; never throws for a non-zero exit.
 * @param {string} command
 * @param {string[]} parameters
 * @param {RunOptions} options
 * @returns {Promise<{ code: number, logPath: string, timedOut: boolean }>} code 127 when the tool does not exist
 */
export async function tryRun(command, parameters, options) {
  const logFolder = join(cacheFolder, 'logs');
  mkdirSync(logFolder, { recursive: true });
  const logPath = join(logFolder, `${options.log}.log`);
  const log = createWriteStream(logPath);
  log.write(`$ ${[command, ...parameters].join(' ')}\n`);

  // Own process group: a limit that kills only the tool would leave its children running.
  const grouped = process.platform !== 'win32';
  const child = spawn(command, parameters, {
    cwd: options.cwd ?? root,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: grouped,
  });
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) {
      try {
        process.kill(grouped ? -child.pid : child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
    }
  };
  let timedOut = false;
  const limit = setTimeout(
    () => {
      timedOut = true;
      kill();
    },
    options.timeoutMs ?? 40 * 60_000,
  );
  const onInterrupt = () => {
    kill();
    process.exit(130);
  };
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);

  let rest = '';
  const take = (/** @type {Buffer} */ chunk) => {
    log.write(chunk);
    const lines = (rest + chunk.toString('utf8')).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      options.onLine?.(line);
    }
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);

  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      log.write(`${error.message}\n`);
      resolve(127);
    });
    // 'exit' and not 'close': a background process that kept the pipe open must not hold us.
    child.once('exit', (exitCode) => setTimeout(() => resolve(exitCode ?? 1), 50));
  });
  clearTimeout(limit);
  process.off('SIGINT', onInterrupt);
  process.off('SIGTERM', onInterrupt);
  child.stdout.destroy();
  child.stderr.destroy();
  log.end(timedOut ? '\nKilled: took longer than its limit.\n' : '');
  await finished(log);
  return { code, logPath, timedOut };
}

/**
 * Runs a tool and throws when it fails, with the end of its output and where the rest is.
 * @param {string} command
 * @param {string[]} parameters
 * @param {RunOptions} options
 * @returns {Promise<void>}
 */
export async function run(command, parameters, options) {
  const { code, logPath, timedOut } = await tryRun(command, parameters, options);
  if (code !== 0) {
    const why = timedOut ? 'took longer than its limit' : `ended with code ${code}`;
    throw new Error(`'${[command, ...parameters].join(' ')}' ${why}:\n${tail(logPath, 40)}`);
  }
}

/**
 * The last lines of a log file, with a pointer to the whole.
 * @param {string} logPath
 * @param {number} count
 */
export function tail(logPath, count) {
  const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n');
  return `${lines.slice(-count).join('\n')}\n(whole output: ${relative(root, logPath)})`;
}
