// mosis doctor: looks at everything that the phone needs, in the order in which it is needed, and names each fault in one sentence.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RequestResult } from '../core/ports.ts';
import { readConfig } from '../platform/config.ts';
import type { Endpoint } from '../platform/endpointFile.ts';
import { isLocked } from '../platform/lock.ts';
import { checkPrivateFolder, type Paths } from '../platform/paths.ts';
import { findEndpoint, isAlive, openSession } from './client.ts';
import { daemonProgram } from './start.ts';

export interface Finding {
  readonly what: string;
  /** Undefined = fine. */
  readonly fault?: string | undefined;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const freeBytesNeeded = 50 * 1024 * 1024;
const loadLimitMs = 15_000;
const pingLimitMs = 3000;
const dialLimitMs = 5000;
/** Package and what it is needed for. */
const parts = [
  ['zeromq', 'games cannot connect'],
  ['msgpackr', 'games cannot connect'],
  ['ws', 'no signalling server can be reached'],
  ['node-datachannel', 'no peer can be reached'],
] as const;

/** `server`: also look whether that one can be reached. */
export async function examine(paths: Paths, server: string | undefined): Promise<Finding[]> {
  const findings = [...examineFolders(paths), examineDisk(paths), ...examineConfig(paths), ...(await examineParts())];
  findings.push(...(await examineDaemon(paths)));
  if (server !== undefined) findings.push({ what: `server ${server}`, fault: await dial(server) });
  return findings;
}

function examineFolders(paths: Paths): Finding[] {
  return paths.privateFolders
    .filter((folder) => fs.existsSync(folder))
    .map((folder) => ({ what: `folder ${folder}`, fault: faultOf(() => checkPrivateFolder(folder)) }));
}

function examineDisk({ dataFolder }: Paths): Finding {
  const folder = nearestExisting(dataFolder);
  const fault = faultOf(() => {
    const probe = fs.mkdtempSync(path.join(folder, '.mosis-doctor-'));
    fs.writeFileSync(path.join(probe, 'probe'), 'x'.repeat(4096));
    fs.rmSync(probe, { recursive: true });
    const { bavail, bsize } = fs.statfsSync(folder);
    if (bavail * bsize < freeBytesNeeded)
      throw new Error(`only ${Math.round((bavail * bsize) / 1024)} KiB are free: make room`);
  });
  return {
    what: `disk at ${folder}`,
    fault: fault && `${folder} cannot be written to (${fault}): messages cannot be kept.`,
  };
}

function nearestExisting(folder: string): string {
  return fs.existsSync(folder) || folder === path.dirname(folder) ? folder : nearestExisting(path.dirname(folder));
}

function examineConfig({ configFile }: Paths): Finding[] {
  if (!fs.existsSync(configFile)) return [];
  const { warnings } = readConfig(configFile);
  return warnings.length === 0 ? [{ what: configFile }] : warnings.map((fault) => ({ what: configFile, fault }));
}

/** In processes of their own: a native part that crashes must not take the doctor with it. */
async function examineParts(): Promise<Finding[]> {
  const loaded = parts.map(async ([name, consequence]): Promise<Finding> => {
    const command = ['--input-type=module', '--eval', `await import('${name}'); process.exit(0)`];
    try {
      await promisify(execFile)(process.execPath, command, { cwd: root, timeout: loadLimitMs });
      return { what: `package ${name}` };
    } catch (error) {
      const [line] = String((error as { stderr?: string }).stderr || error).match(/^.*(Error|error).*$/m) ?? [''];
      return {
        what: `package ${name}`,
        fault: `${name} cannot be loaded, so ${consequence} (${line.trim()}): run "npm run setup".`,
      };
    }
  });
  const lock = process.env.MOSIS_LOCK || path.join(root, 'bindings/native/build/dev/mosis-lock');
  const programs: Finding[] = [daemonProgram, lock].map((file) => ({
    what: `program ${path.basename(file)}`,
    fault: fs.existsSync(file) ? undefined : `${file} is missing: run "npm run setup".`,
  }));
  return [...(await Promise.all(loaded)), ...programs];
}

async function examineDaemon(paths: Paths): Promise<Finding[]> {
  const what = `daemon of profile ${paths.profile}`;
  let endpoint: Endpoint | null;
  try {
    endpoint = findEndpoint(paths);
  } catch (error) {
    return [{ what, fault: (error as Error).message }];
  }
  if (endpoint === null) {
    const starting = `A daemon holds the lock but is not ready: wait, or see ${paths.logFolder} and end it.`;
    const none = 'No daemon runs; a game or "mosis start" starts one.';
    return [{ what, fault: isLocked(paths.lockFile) ? starting : none }];
  }
  if (!isAlive(endpoint.pid)) {
    return [
      {
        what,
        fault: `endpoint.json is stale: process ${endpoint.pid} ended without an orderly stop; the next start cleans up.`,
      },
    ];
  }
  return await examineAnswers(paths, endpoint, what);
}

async function examineAnswers(paths: Paths, endpoint: Endpoint, what: string): Promise<Finding[]> {
  let status: RequestResult<'daemon.status'>;
  try {
    const { client } = await openSession(paths);
    try {
      await client.ping(pingLimitMs);
      status = await client.request('daemon.status', {});
    } finally {
      client.close();
    }
  } catch (error) {
    const state = /^State:\s+(\S)/m.exec(readIfThere(`/proc/${endpoint.pid}/status`))?.[1];
    const why = state === 'T' ? 'it is stopped by a signal; continue it with kill -CONT' : (error as Error).message;
    return [{ what, fault: `The daemon (process ${endpoint.pid}) does not answer: ${why}` }];
  }
  const lines = status.lines.map(async (line): Promise<Finding> => {
    const fault =
      line.state === 'online' ? undefined : (line.text ?? (await dial(line.server)) ?? `it is ${line.state}`);
    return { what: `line ${line.phoneId} at ${line.server}`, fault };
  });
  return [{ what }, ...status.missing.map((fault) => ({ what, fault })), ...(await Promise.all(lines))];
}

/** What is wrong with reaching a server; undefined when something listens there. */
function dial(server: string): Promise<string | undefined> {
  if (!URL.canParse(server) || !/^wss?:$/.test(new URL(server).protocol)) {
    return Promise.resolve(`${server} is no signalling server: it must begin with ws:// or wss://.`);
  }
  const { hostname, port, protocol } = new URL(server);
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = net.connect({ host, port: Number(port) || (protocol === 'wss:' ? 443 : 80), timeout: dialLimitMs });
    const done = (fault?: string) => {
      socket.destroy();
      resolve(fault);
    };
    const unreachable = (why: string) =>
      `The server ${server} cannot be reached (${why}): check the URL and that it runs.`;
    socket.once('connect', () => done());
    socket.once('timeout', () => done(unreachable(`no answer within ${dialLimitMs} ms`)));
    socket.once('error', (error) => done(unreachable(error.message)));
  });
}

function faultOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function readIfThere(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}
