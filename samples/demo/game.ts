// A program of the demo that speaks JSON lines: started, told what to do, waited for, and ended, whatever happens.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Inbox } from '../../test/support/inbox.ts';

export type GameEvent = Readonly<Record<string, unknown>> & { readonly event: string };

export interface Program {
  /** As people call it. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export class Game {
  readonly name: string;
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #inbox = new Inbox<GameEvent>();
  #errors = '';

  /** `heard` gets each event at once. */
  constructor({ name, command, environment }: Program, heard: (event: GameEvent) => void = () => {}) {
    this.name = name;
    const [file, ...parameters] = command;
    this.#child = spawn(file, parameters, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        this.#inbox.end(`it ended with ${signal ?? code}`);
        resolve(String(signal ?? code));
      });
    });
    this.#child.stdin?.on('error', (error) => this.#note(`${error.message}\n`));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#note(text));
    if (!this.#child.stdout) return;
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as GameEvent;
      heard(event);
      this.#inbox.push(event);
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** A line for its standard input. */
  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** The next event of this name with these fields; rejects after `limitMs` or when the program ends. */
  async until(event: string, fields: Readonly<Record<string, unknown>> = {}, limitMs = 15_000): Promise<GameEvent> {
    const wanted = Object.entries(fields);
    const matches = (one: GameEvent) => one.event === event && wanted.every(([key, value]) => one[key] === value);
    try {
      return await this.#inbox.until(matches, `${event} ${JSON.stringify(fields)} of ${this.name}`, limitMs);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.#errors}`.trim());
    }
  }

  kill(signal: NodeJS.Signals): Promise<string> {
    this.#child.kill(signal);
    return this.exited;
  }

  /** Asks it to end with this line, and kills it when it does not within 5 s. */
  async end(line: string): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.tell(line);
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await this.exited;
    clearTimeout(force);
  }

  #note(text: string): void {
    this.#errors = (this.#errors + text).slice(-4000);
  }
}
