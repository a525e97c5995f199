// A child process of a test that speaks JSON lines on stdin and stdout; runs in the pinned Node.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Inbox } from './inbox.ts';

export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event: string };

const pathTo = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const pinnedNode = pathTo('node_modules/node/bin/node');

export class JsonLineProcess {
  readonly events = new Inbox<JsonEvent>();
  /** Sees each event as it comes. */
  tap: (event: JsonEvent) => void = () => {};
  /** Everything on stderr. */
  errors = '';
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  readonly #child: ChildProcess;
  readonly #name: string;

  /** @param script path from the root of the repository */
  constructor(script: string, args: readonly string[] = []) {
    this.#name = script;
    this.#child = spawn(pinnedNode, [pathTo(script), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve, reject) => {
      // Not `exit`: after `close` every line has been read.
      this.#child.once('close', (code, signal) => {
        this.events.end(`it ended with ${code ?? signal}`);
        resolve(code ?? signal ?? 0);
      });
      this.#child.once('error', reject);
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        const event: JsonEvent = JSON.parse(line);
        this.tap(event);
        this.events.push(event);
      });
    }
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  send(command: object): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /**
   * Takes the next event of this name (and for which `matches` holds) out of those that came; waits for it when there is none.
   * Rejects after `limitMs`, or as soon as the process has ended without it.
   */
  async until(
    event: string,
    matches: (found: JsonEvent) => boolean = () => true,
    limitMs = 10_000,
  ): Promise<JsonEvent> {
    try {
      return await this.events.until(
        (one) => one.event === event && matches(one),
        `${event} of ${this.#name}`,
        limitMs,
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}; stderr: ${this.errors || 'empty'}`);
    }
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  /** Ends the process, by force after 5 s. */
  async stop(): Promise<number | NodeJS.Signals> {
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    this.#child.kill('SIGTERM');
    const code = await this.exited;
    clearTimeout(force);
    return code;
  }
}
