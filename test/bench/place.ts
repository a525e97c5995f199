// Where a benchmark runs: folders of its own, one signalling server, programs with one line of JSON as result, and the end of it all.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pinnedNode, root } from '../../scripts/bootstrap/paths.mjs';
import { runtimeEnvironment } from '../../scripts/bootstrap/runtime.mjs';

export type Line = Readonly<Record<string, number | boolean>>;

const nativeFolder = path.join(root, 'bindings/native/build/dev');
const limitMs = 180_000;
/** USER_HZ of Linux. */
const ticksPerSecond = 100;

/** A child whose standard output is lines of JSON (or plain words, which become {}). */
export class Program {
  readonly #child: ChildProcess;
  readonly #lines: Line[] = [];
  #wake: () => void = () => {};
  #ended = false;
  #errors = '';

  constructor(command: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#child = spawn(command[0] ?? '', command.slice(1), { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    this.#child.once('close', () => {
      this.#ended = true;
      this.#wake();
    });
    if (!this.#child.stdout) return;
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#lines.push(line.startsWith('{') ? JSON.parse(line) : {});
      this.#wake();
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** The next line; rejects when the program ends first or after three minutes. */
  async next(): Promise<Line> {
    const limit = AbortSignal.timeout(limitMs);
    limit.addEventListener('abort', () => this.#wake());
    while (this.#lines.length === 0) {
      if (this.#ended || limit.aborted)
        throw new Error(`${this.#child.spawnargs.join(' ')}: no result\n${this.#errors}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#lines.shift() as Line;
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    clearTimeout(force);
  }
}

export class Place {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mosis-bench-'));
  readonly #programs: Program[] = [];
  readonly #profiles = new Set<string>();

  /** `profile` undefined: not for a phone. */
  environment(profile?: string): NodeJS.ProcessEnv {
    if (profile !== undefined) this.#prepare(profile);
    return {
      ...runtimeEnvironment(),
      MOSIS_RUNTIME_DIR: path.join(this.folder, 'run'),
      MOSIS_DATA_DIR: path.join(this.folder, 'data'),
      MOSIS_DAEMON: undefined,
      MOSIS_PROFILE: profile,
    };
  }

  start(command: readonly string[], profile?: string): Program {
    const program = new Program(command, this.environment(profile));
    this.#programs.push(program);
    return program;
  }

  /** bench-game with a phone of this profile. */
  game(profile: string, ...parameters: (string | number)[]): Program {
    return this.start([path.join(nativeFolder, 'bench-game'), ...parameters.map(String)], profile);
  }

  floor(...parameters: (string | number)[]): Program {
    return this.start([path.join(nativeFolder, 'bench-control-floor'), ...parameters.map(String)]);
  }

  node(script: string, ...parameters: string[]): Program {
    return this.start([pinnedNode, path.join(root, script), ...parameters]);
  }

  /** A signalling server; gives its URL. */
  async server(): Promise<string> {
    const { url } = (await this.node('server/signalling/main.ts', '--port', '0', '--json').next()) as unknown as {
      url: string;
    };
    return url;
  }

  /** Process of the profile's daemon; undefined when none runs. */
  daemonPid(profile: string): number | undefined {
    const file = path.join(this.folder, 'run', profile, 'v1', 'endpoint.json');
    if (!fs.existsSync(file)) return undefined;
    return (JSON.parse(fs.readFileSync(file, 'utf8')) as { pid: number }).pid;
  }

  async stopDaemon(profile: string): Promise<void> {
    const pid = this.daemonPid(profile);
    if (pid === undefined) return;
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; fs.existsSync(`/proc/${pid}`); waited += 20) {
      if (waited > 8000) process.kill(pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends everything that was started here and removes the folders. */
  async leave(): Promise<void> {
    for (const program of this.#programs.toReversed()) await program.end();
    for (const profile of this.#profiles) await this.stopDaemon(profile);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  #prepare(profile: string): void {
    if (this.#profiles.has(profile)) return;
    this.#profiles.add(profile);
    const data = path.join(this.folder, 'data', profile);
    fs.mkdirSync(data, { recursive: true, mode: 0o700 });
    fs.writeFileSync(
      path.join(data, 'config.json'),
      JSON.stringify({ bindAddress: '127.0.0.1', idleExitSeconds: 300 }),
    );
  }
}

/** CPU seconds that a process has used so far. */
export function cpuSeconds(pid: number): number {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
