// mosis start: the daemon program, as a game would start it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { MosisError } from '../core/errors.ts';
import { openFolders, type Paths } from '../platform/paths.ts';
import { findEndpoint, isAlive } from './client.ts';

const startLimitMs = 10_000;

export const daemonProgram = fileURLToPath(new URL('../bin/mosisd', import.meta.url));

/** Does nothing when one runs. Throws MosisError daemonStartFailed with the daemon's own words. */
export async function startDaemon(paths: Paths): Promise<string> {
  const endpoint = findEndpoint(paths);
  if (endpoint && isAlive(endpoint.pid)) return `The daemon (process ${endpoint.pid}) runs already.\n`;
  openFolders(paths);
  const stderr = fs.openSync(path.join(paths.logFolder, 'mosisd.stderr'), 'a', 0o600);
  const program = process.env.MOSIS_DAEMON || daemonProgram;
  const child = spawn(program, ['--profile', paths.profile], {
    detached: true,
    stdio: ['ignore', 'pipe', stderr],
    cwd: '/',
  });
  fs.closeSync(stderr);
  const line = await firstLine(child);
  child.unref();
  if (line === 'ready') return `The daemon (process ${findEndpoint(paths)?.pid}) is ready.\n`;
  const words = line.startsWith('failed ')
    ? line.slice('failed '.length)
    : `it said nothing; see ${paths.logFolder}/mosisd.stderr`;
  throw new MosisError('daemonStartFailed', `The daemon did not start: ${words}`);
}

/** Empty when the program ends, cannot be run, or takes too long. */
function firstLine(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const done = (line: string) => {
      clearTimeout(timer);
      child.stdout?.destroy();
      resolve(line);
    };
    const timer = setTimeout(() => done(''), startLimitMs);
    child.once('error', (error) => done(`failed ${error.message}`));
    child.stdout?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.includes('\n')) done(text.slice(0, text.indexOf('\n')));
    });
    child.stdout?.once('end', () => done(text));
  });
}
