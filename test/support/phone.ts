// One phone of a test: a profile in a temporary folder of its own, the games that use it, and the daemon that they start. Whatever runs with
// this folder in its environment is ended with the test, by process id.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import { type Endpoint, readEndpoint } from '../../daemon/platform/endpointFile.ts';
import { type Paths, pathsFor } from '../../daemon/platform/paths.ts';
import { RawShim } from './daemonProcess.ts';
import { buildFolder, Game, type GameOptions } from './game.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tailLines = 40;
const pollMs = 20;

/** A line of mosisd.log. */
export type LogLine = Readonly<Record<string, unknown>>;

export class Phone {
  readonly profile: string;
  readonly folder: string;
  readonly paths: Paths;
  readonly environment: Readonly<Record<string, string>>;
  readonly games: Game[] = [];

  /** `config`: what config.json says beside the loopback. `environment`: of games and daemons. */
  constructor(profile: string, config: object = {}, environment: Readonly<Record<string, string>> = {}) {
    this.profile = profile;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mosis-phone-'));
    const folders = {
      MOSIS_RUNTIME_DIR: path.join(this.folder, 'run'),
      MOSIS_DATA_DIR: path.join(this.folder, 'data'),
    };
    this.environment = {
      ...environment,
      ...folders,
      MOSIS_DAEMON: path.join(root, 'daemon/bin/mosisd'),
      NODE_COMPILE_CACHE: path.join(root, '.cache/node-compile'),
    };
    this.paths = pathsFor(profile, folders);
    this.configure(config);
  }

  configure(config: object): void {
    fs.mkdirSync(this.paths.dataFolder, { recursive: true, mode: 0o700 });
    const whole = { bindAddress: '127.0.0.1', idleExitSeconds: 30, ...config };
    fs.writeFileSync(this.paths.configFile, JSON.stringify(whole));
  }

  /** Starts a game; it finds or starts the daemon. */
  game(options: GameOptions = {}): Game {
    const game = new Game(this, options);
    this.games.push(game);
    return game;
  }

  /** Starts a daemon by hand and waits until games find it. `exited`: its exit code. */
  async startDaemon(...options: string[]): Promise<{ exited: Promise<number | NodeJS.Signals> }> {
    const daemon = spawn(path.join(root, 'daemon/bin/mosisd'), ['--profile', this.profile, ...options], {
      env: { ...process.env, ...this.environment, MOSIS_LOCK: path.join(buildFolder, 'mosis-lock') },
      stdio: 'ignore',
    });
    const exited = new Promise<number | NodeJS.Signals>((resolve) => {
      daemon.once('exit', (code, signal) => resolve(code ?? signal ?? 0));
    });
    await this.#until('endpoint.json', () => fs.existsSync(this.paths.endpointFile));
    return { exited };
  }

  /** Starts a game on a line of that name and waits until it is online. */
  async onlineGame(server: string, id = this.profile, options: GameOptions = {}): Promise<Game> {
    return await this.game({ server, id, ...options }).online();
  }

  get endpoint(): Endpoint {
    const endpoint = readEndpoint(this.paths.endpointFile);
    if (!endpoint) throw new Error(`no daemon runs in ${this.folder}`);
    return endpoint;
  }

  get daemonPid(): number {
    return this.endpoint.pid;
  }

  /** Signals the daemon that runs now and gives its process id. */
  signalDaemon(signal: NodeJS.Signals): number {
    const pid = this.daemonPid;
    process.kill(pid, signal);
    return pid;
  }

  async killDaemon(): Promise<void> {
    await this.gone(this.signalDaemon('SIGKILL'));
  }

  /** Process id of the media child; throws when none runs. */
  get mediaPid(): number {
    const found = this.#processes().find(({ command }) => command.includes('daemon/media/main.ts'));
    if (!found) throw new Error(`no media child runs in ${this.folder}`);
    return found.pid;
  }

  /** Process ids of all daemons that run, without their children. */
  daemonPids(): number[] {
    return this.#processes()
      .filter(({ command }) => command.includes('daemon/main.ts'))
      .map(({ pid }) => pid);
  }

  residentBytes(pid: number): number {
    return Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  }

  /** Resolves when the daemon knows that the game has polled everything that was sent to it. */
  async taken(game: Game): Promise<void> {
    const observer = new RawShim();
    try {
      await observer.hello(this);
      for (let untaken = 1; untaken > 0; ) {
        const { result } = await observer.ask('daemon.status', {});
        const { sessions } = result as { sessions: { pid: number; eventsQueued: number }[] };
        untaken = sessions.find(({ pid }) => pid === game.pid)?.eventsQueued ?? 0;
      }
    } finally {
      await observer.stop();
    }
  }

  /** Resolves when the process has ended; it is not a child of this one, so it is looked for. */
  async gone(pid: number, limitMs = 15_000): Promise<void> {
    await this.#until(`the end of process ${pid}`, () => !this.#processes().some((one) => one.pid === pid), limitMs);
  }

  /** Resolves when nothing of this phone runs any more. */
  async empty(limitMs = 15_000): Promise<void> {
    await this.#until('the end of every process', () => this.#processes().length === 0, limitMs);
  }

  /** A new phone in the same hands: key, messages and everything else are lost. No daemon may run. */
  wipe(): void {
    for (const name of fs.readdirSync(this.paths.dataFolder)) {
      if (name.startsWith('phone.db')) fs.rmSync(path.join(this.paths.dataFolder, name));
    }
  }

  /** What the daemons of this phone logged. */
  logLines(): LogLine[] {
    const file = path.join(this.paths.logFolder, 'mosisd.log');
    if (!fs.existsSync(file)) return [];
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  /** Waits until the daemon has logged `count` such lines. */
  async logged(what: string, matches: (line: LogLine) => boolean, count = 1, limitMs = 15_000): Promise<void> {
    await this.#until(`"${what}" in the log`, () => this.logLines().filter(matches).length >= count, limitMs);
  }

  /** For the words of a failure. */
  logTail(): string {
    const file = path.join(this.paths.logFolder, 'mosisd.log');
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : 'nothing';
    return `The daemon of ${this.profile} logged last:\n${text.trimEnd().split('\n').slice(-tailLines).join('\n')}`;
  }

  /** Ends all that runs here and removes the folder. */
  async end(): Promise<void> {
    // Games first: they would start a new daemon.
    await Promise.all(this.games.map((game) => game.killed()));
    await this.#until('the end of every process', () => {
      const left = this.#processes();
      for (const { pid } of left) kill(pid);
      return left.length === 0;
    });
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  async #until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
    const end = performance.now() + limitMs;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`${what} did not come within ${limitMs} ms\n${this.logTail()}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** Everything that runs with our folder in its environment. A zombie has none. */
  #processes(): { pid: number; command: string }[] {
    const mark = `MOSIS_RUNTIME_DIR=${this.environment.MOSIS_RUNTIME_DIR}\0`;
    const found: { pid: number; command: string }[] = [];
    for (const name of fs.readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      if (!readProc(`/proc/${name}/environ`).includes(mark)) continue;
      found.push({ pid: Number(name), command: readProc(`/proc/${name}/cmdline`).replaceAll('\0', ' ') });
    }
    return found;
  }
}

/** Call at the top of a describe or file; the function it returns makes a new phone, which ends with the test. */
export function phones(): (...given: ConstructorParameters<typeof Phone>) => Phone {
  const made: Phone[] = [];
  afterEach(async () => {
    const ended = await Promise.allSettled(made.splice(0).map((phone) => phone.end()));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }, 30_000);
  return (...given) => {
    const phone = new Phone(...given);
    made.push(phone);
    return phone;
  };
}

/** Empty when the process has ended meanwhile, or belongs to somebody else. */
function readProc(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return '';
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
