// Starts and stops one daemon: locks and folders first, then disk, socket and phone; backwards at the end.
import fs from 'node:fs';
import process from 'node:process';
import { protocolMax, protocolMin } from '../proto/schema/shim/link.ts';
import { MosisError } from './core/errors.ts';
import type { Clock, Identity, Log, Media, Phone, Random, Shims, Store } from './core/ports.ts';
import { type IdleVerdict, judgeIdle } from './ipc/idleExit.ts';
import { createShimServer, type ShimServer } from './ipc/shimServer.ts';
import { createClock } from './platform/clock.ts';
import { type Config, readConfig } from './platform/config.ts';
import { removeEndpoint, writeEndpoint } from './platform/endpointFile.ts';
import { openIdentity } from './platform/identity.ts';
import { verifyLock } from './platform/lock.ts';
import { type Logs, openLogs } from './platform/log.ts';
import { openFolders, ownUid, type Paths, pathsFor, profileFrom } from './platform/paths.ts';
import { createRandom } from './platform/random.ts';
import { createReadyPipe } from './platform/ready.ts';
import { openStore, type ProfileStore } from './store/store.ts';

/** What the phone is built from. */
export interface PhoneBase {
  readonly store: Store;
  readonly identity: Identity;
  readonly shims: Shims;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Config;
  readonly version: string;
  logger(name: string): Log;
  /** A message of a peer or server was refused. */
  malformed(reason: string): void;
}

export interface PhoneAndMedia {
  readonly phone: Phone;
  readonly media: Pick<Media, 'state' | 'pid' | 'restarts'>;
  /** After phone.stop(). */
  stopMedia(): Promise<void>;
}

export interface DaemonArguments {
  readonly profile: string;
  /** Never ends for want of games. */
  readonly stay: boolean;
}

const idleBeatMs = 1000;
/** An orderly stop that takes longer is cut short. */
const stopLimitMs = 5000;

/** `--profile P`, `--profile=P`, `--stay`. Throws invalidArgument. */
export function parseArguments(given: readonly string[], env = process.env): DaemonArguments {
  let profile: string | undefined;
  let stay = false;
  for (let index = 0; index < given.length; index += 1) {
    const argument = given[index] ?? '';
    if (argument === '--stay') stay = true;
    else if (argument === '--profile' && given[index + 1] !== undefined) profile = given[++index];
    else if (argument.startsWith('--profile=')) profile = argument.slice('--profile='.length);
    else
      throw new MosisError('invalidArgument', `Unknown argument "${argument}". Usage: mosisd [--profile P] [--stay]`);
  }
  return { profile: profileFrom(profile, env), stay };
}

/** Runs until it is stopped, then ends the process. Tells the launcher on standard output how the start went. */
export async function runDaemon(
  given: readonly string[],
  buildPhone: (base: PhoneBase) => PhoneAndMedia,
): Promise<void> {
  const readyPipe = createReadyPipe();
  try {
    await new Daemon(parseArguments(given), buildPhone).start();
    readyPipe.ready();
  } catch (error) {
    const text = error instanceof MosisError ? error.message : String((error as Error).stack);
    readyPipe.failed(text);
    process.stderr.write(`${text}\n`);
    // What was opened before the fault would keep the process alive.
    process.exit(1);
  }
}

class Daemon {
  readonly #arguments: DaemonArguments;
  readonly #paths: Paths;
  readonly #config: Config;
  readonly #logs: Logs;
  readonly #log: Log;
  readonly #clock = createClock();
  readonly #random = createRandom();
  readonly #startedAt = this.#clock.monotonic();
  readonly #version = readVersion();
  readonly #store: ProfileStore;
  readonly #buildPhone: (base: PhoneBase) => PhoneAndMedia;
  #server: ShimServer | undefined;
  #parts: PhoneAndMedia | undefined;
  #idle: IdleVerdict = { idleSinceMs: undefined, due: false };
  #stopping = false;

  constructor(given: DaemonArguments, buildPhone: (base: PhoneBase) => PhoneAndMedia) {
    process.umask(0o077);
    this.#arguments = given;
    this.#buildPhone = buildPhone;
    this.#paths = pathsFor(given.profile);
    openFolders(this.#paths);
    verifyLock(this.#paths.lockFile);
    const { config, warnings } = readConfig(this.#paths.configFile);
    this.#config = config;
    this.#logs = openLogs({
      folder: this.#paths.logFolder,
      level: config.logLevel,
      now: () => this.#clock.now(),
      ...(process.stderr.isTTY && { terminal: (line: string) => process.stderr.write(line) }),
    });
    this.#log = this.#logs.logger('mosis:daemon');
    for (const warning of warnings) this.#log.warn(warning);
    const log = this.#logs.logger('mosis:store');
    this.#store = openStore({ file: this.#paths.databaseFile, log, now: () => this.#clock.now() });
  }

  async start(): Promise<void> {
    const server = await this.#openServer();
    const parts = this.#buildPhone({
      store: this.#store,
      identity: openIdentity(this.#store),
      shims: server,
      clock: this.#clock,
      random: this.#random,
      config: this.#config,
      version: this.#version,
      logger: (name) => this.#logs.logger(name),
      malformed: (reason) => server.countMalformed(reason),
    });
    this.#server = server;
    this.#parts = parts;
    server.serve(parts.phone);
    this.#watchProcess();
    this.#watchIdle();
    this.#announce(server);
    const { profile, stay } = this.#arguments;
    this.#log.info('ready', { pid: process.pid, version: this.#version, profile, stay });
  }

  #openServer(): Promise<ShimServer> {
    return createShimServer({
      transport: chosenTransport(),
      socketFile: this.#paths.socketFile,
      ownUid: ownUid(),
      pid: process.pid,
      profile: this.#arguments.profile,
      daemonVersion: this.#version,
      store: this.#store,
      clock: this.#clock,
      random: this.#random,
      log: this.#logs.logger('mosis:ipc'),
      status: () => this.#status(),
      requestStop: () => void this.#stop('a game asked for it'),
    });
  }

  #announce({ endpoint, curveServerKey, token }: ShimServer): void {
    writeEndpoint(this.#paths.endpointFile, {
      version: 1,
      pid: process.pid,
      daemonVersion: this.#version,
      protocolMin,
      protocolMax,
      endpoints: [endpoint],
      ...(curveServerKey !== undefined && { curveServerKey }),
      token,
    });
  }

  #status() {
    const { state = 'stopped', pid, restarts = 0 } = this.#parts?.media ?? {};
    return {
      version: this.#version,
      pid: process.pid,
      profile: this.#arguments.profile,
      uptimeMs: Math.round(this.#clock.monotonic() - this.#startedAt),
      stay: this.#arguments.stay,
      residentBytes: process.memoryUsage.rss(),
      media: state,
      ...(pid !== undefined && { mediaPid: pid }),
      mediaRestarts: restarts,
      missing:
        state === 'failed' ? ['The media child does not start: run "mosis doctor", which names the missing part.'] : [],
    };
  }

  #watchProcess(): void {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => void this.#stop(signal));
    }
    process.on('uncaughtException', (error) => {
      // State is unknown from here on; games start a new daemon, which goes on from the disk.
      this.#log.error('the daemon ends by a defect', { error, stack: error.stack });
      process.exit(70);
    });
  }

  #watchIdle(): void {
    if (this.#arguments.stay) return;
    this.#clock.after(idleBeatMs, () => {
      if (this.#stopping) return;
      this.#idle = judgeIdle(this.#idle.idleSinceMs, {
        occupied: (this.#server?.sessionCount ?? 0) > 0 || (this.#parts?.phone.busy() ?? false),
        nowMs: this.#clock.monotonic(),
        limitMs: this.#config.idleExitSeconds * 1000,
      });
      if (this.#idle.due) void this.#stop('no game for a while');
      else this.#watchIdle();
    });
  }

  /** Nobody new finds us, then peers and games are told, then the disk is closed. */
  async #stop(why: string): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#log.info('stopping', { why });
    this.#clock.after(stopLimitMs, () => {
      this.#log.error('the orderly stop took too long and was cut short', { limitMs: stopLimitMs });
      process.exit(1);
    });
    removeEndpoint(this.#paths.endpointFile);
    this.#parts?.phone.stop();
    await this.#server?.stop();
    await this.#parts?.stopMedia();
    this.#store.close();
    this.#log.info('stopped');
    this.#logs.close();
    process.exit(0);
  }
}

function readVersion(): string {
  const read = JSON.parse(fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return read.version;
}

function chosenTransport(): 'ipc' | 'tcp' {
  const chosen = process.env.MOSIS_TRANSPORT || (process.platform === 'win32' ? 'tcp' : 'ipc');
  if (chosen === 'ipc' || chosen === 'tcp') return chosen;
  throw new MosisError('invalidArgument', `MOSIS_TRANSPORT is "${chosen}": use "ipc" or "tcp", or leave it unset.`);
}
