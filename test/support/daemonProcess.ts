// A real daemon process in folders of its own, with either the real phone or the scripted one of scriptedDaemon.ts.
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Endpoint, readEndpoint } from '../../daemon/platform/endpointFile.ts';
import { type Paths, pathsFor } from '../../daemon/platform/paths.ts';
import { Inbox } from './inbox.ts';
import { type JsonEvent, JsonLineProcess } from './jsonLineProcess.ts';
import { lockedSpawn } from './lockedSpawn.ts';

export interface DaemonOptions {
  /** An existing private folder; runtime and data folders are made in it. */
  readonly folder: string;
  /** Default: the scripted phone. */
  readonly script?: 'daemon/main.ts' | 'test/support/scriptedDaemon.ts';
  readonly profile?: string;
  readonly stay?: boolean;
  readonly config?: object;
  readonly env?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where a daemon in `folder` keeps things. */
export function daemonFolders(folder: string): { MOSIS_RUNTIME_DIR: string; MOSIS_DATA_DIR: string } {
  return { MOSIS_RUNTIME_DIR: path.join(folder, 'run'), MOSIS_DATA_DIR: path.join(folder, 'data') };
}

export class DaemonProcess {
  readonly paths: Paths;
  readonly folder: string;
  /** What the scripted phone tells. */
  readonly told = new Inbox<JsonEvent>();
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** First line on standard output. */
  readonly readyLine: Promise<string>;
  errors = '';
  readonly #child: ChildProcess;

  private constructor(options: DaemonOptions) {
    const {
      folder,
      script = 'test/support/scriptedDaemon.ts',
      profile = 'default',
      stay = true,
      config,
      env,
    } = options;
    this.folder = folder;
    const folders = daemonFolders(folder);
    this.paths = pathsFor(profile, folders);
    if (config) {
      fs.mkdirSync(this.paths.dataFolder, { recursive: true, mode: 0o700 });
      fs.writeFileSync(this.paths.configFile, JSON.stringify(config));
    }
    this.#child = lockedSpawn({
      lockFile: this.paths.lockFile,
      command: [path.join(root, script), '--profile', profile, ...(stay ? ['--stay'] : [])],
      env: { NODE_COMPILE_CACHE: path.join(root, '.cache/node-compile'), ...folders, ...env },
    });
    this.exited = new Promise((resolve) => this.#child.once('close', (code, signal) => resolve(code ?? signal ?? 0)));
    this.readyLine = this.#readLine();
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    this.#child.on('message', (message) => this.told.push(message as JsonEvent));
  }

  /** Resolves once it is ready. Rejects with its words when it is not. */
  static async start(options: DaemonOptions): Promise<DaemonProcess> {
    const daemon = DaemonProcess.begin(options);
    const line = await daemon.readyLine;
    if (line !== 'ready') throw new Error(`the daemon said "${line}"; stderr: ${daemon.errors}`);
    return daemon;
  }

  /** Started, whatever becomes of it. */
  static begin(options: DaemonOptions): DaemonProcess {
    return new DaemonProcess(options);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get endpoint(): Endpoint {
    const endpoint = readEndpoint(this.paths.endpointFile);
    if (!endpoint) throw new Error('the daemon wrote no endpoint.json');
    return endpoint;
  }

  get log(): string {
    return fs.readFileSync(path.join(this.paths.logFolder, 'mosisd.log'), 'utf8');
  }

  get residentBytes(): number {
    const kib = /VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1];
    return Number(kib) * 1024;
  }

  /** For the scripted phone. */
  tell(command: object): void {
    this.#child.send(command);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<number | NodeJS.Signals> {
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 8000);
    this.#child.kill('SIGCONT');
    this.#child.kill('SIGTERM');
    const code = await this.exited;
    clearTimeout(force);
    return code;
  }

  #readLine(): Promise<string> {
    return new Promise((resolve) => {
      let text = '';
      this.#child.stdout?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
      });
      this.#child.stdout?.once('end', () => resolve(text));
    });
  }
}

type HasEndpoint = { readonly endpoint: Endpoint };

/** A bare game. */
export class RawShim extends JsonLineProcess {
  #nextId = 1;
  #started: Promise<unknown> | undefined;

  constructor() {
    super('test/support/rawShim.mjs');
  }

  /** A machine under load takes seconds to start a process; that is not the daemon's time. */
  async started(): Promise<void> {
    this.#started ??= this.until('started', () => true, 30_000);
    await this.#started;
  }

  connect(daemon: HasEndpoint, change: object = {}): void {
    const { endpoints, curveServerKey } = daemon.endpoint;
    this.send({ do: 'connect', endpoint: endpoints[0], curveServerKey, ...change });
  }

  /** Connects, says a right hello but for `change`, and gives the answer. */
  async hello(daemon: HasEndpoint, change: object = {}): Promise<JsonEvent> {
    await this.started();
    this.connect(daemon);
    this.sayHello(daemon, change);
    return await this.events.until(({ event }) => event === 'identified' || event === 'refused', 'an answer to hello');
  }

  sayHello(daemon: HasEndpoint, change: object = {}): void {
    const value = {
      ...{ protocolMin: 1, protocolMax: 1, token: daemon.endpoint.token, sessionKey: '00'.repeat(16) },
      ...{ app: 'rawShim', pid: this.pid, events: 7, ...change },
    };
    this.send({ do: 'link', name: 'hello', value });
  }

  /** Sends a request and gives the response. */
  async ask(name: string, params: object, more: object = {}): Promise<JsonEvent> {
    const id = this.#nextId++;
    this.send({ do: 'request', id, name, params, ...more });
    return await this.until('response', ({ requestId }) => requestId === id);
  }

  /** Sends raw parts, hex. */
  bytes(...parts: string[]): void {
    this.send({ do: 'bytes', parts });
  }
}
