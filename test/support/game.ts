// A game of a test: chatter (test/native/programs/chatter.cc), which says one JSON line for everything that it polls. Keeps all of it.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Enumeration } from '../../proto/dsl.ts';
import { errorCode } from '../../proto/schema/shim/error.ts';
import { requests } from '../../proto/schema/shim/index.ts';
import { lineState } from '../../proto/schema/shim/line.ts';
import { messageState } from '../../proto/schema/shim/message.ts';
import { connectionState } from '../../proto/schema/shim/peer.ts';
import { Inbox } from './inbox.ts';
import type { Phone } from './phone.ts';

/** A line of chatter, enumerations by their names. */
export type GameEvent = Readonly<Record<string, unknown>> & { readonly type: string };

export interface ReceivedMessage {
  readonly sequence: number;
  readonly messageId: number;
  readonly peerId: string;
  readonly text: string;
}

/** What became of a sent message. */
export interface Settled {
  readonly messageId: number;
  readonly peerId: string;
  readonly state: 'delivered' | 'failed';
  readonly confirmed: boolean;
  readonly reason?: string;
  readonly text?: string;
}

export interface GameOptions {
  readonly server?: string;
  readonly id?: string;
  /** Shown to peers; default: the id. */
  readonly name?: string;
  /** Bits of `eventCategories`; default: all. */
  readonly events?: number;
  /** Further arguments of chatter. */
  readonly more?: readonly string[];
}

interface Watcher {
  readonly holds: () => boolean;
  readonly resolve: () => void;
  readonly reject: (why: string) => void;
}

/** Another build of the native library can be put to the same tests, e.g. the one with sanitizers. */
export const buildFolder =
  process.env.MOSIS_LIBRARY_FOLDER ?? fileURLToPath(new URL('../../bindings/native/build/dev', import.meta.url));
const program = path.join(buildFolder, 'chatter');
const idOf = (name: keyof typeof requests): number => requests[name].id;

export class Game {
  readonly phone: Phone;
  /** What came and was not taken by `until`. */
  readonly events = new Inbox<GameEvent>();
  /** In the order of polling. */
  readonly messages: ReceivedMessage[] = [];
  /** Each settlement as it was polled, so that a second one of the same message shows. */
  readonly settlements: Settled[] = [];
  /** Text → id, of each message that the daemon accepted, in the order of the answers. */
  readonly accepted = new Map<string, number>();
  /** Texts that were refused, or whose answer failed. */
  readonly refused = new Map<string, GameEvent>();
  /** The line as it was told last; peers that were told to be online. */
  line: GameEvent | undefined;
  readonly onlinePeers = new Set<string>();
  /** States of the link to the daemon. */
  readonly states: string[] = [];
  /** Process ids of the daemons that it was connected to. */
  readonly daemons: number[] = [];
  readonly exited: Promise<number | NodeJS.Signals>;
  errors = '';
  readonly #child: ChildProcess;
  readonly #watchers = new Set<Watcher>();
  #ending: string | undefined;
  /** Command → those who wait for its answer, first come first served. */
  readonly #asking = new Map<string, ((answer: GameEvent) => void)[]>();
  readonly #requests = new Map<number, string>();

  constructor(phone: Phone, options: GameOptions = {}) {
    if (!fs.existsSync(program)) throw new Error(`${program} is not built: run "npm run setup"`);
    this.phone = phone;
    const { server, id, name = id, events, more = [] } = options;
    const given = { '--profile': phone.profile, '--server': server, '--id': id, '--name': name, '--events': events };
    const set = Object.entries(given).filter(([, value]) => value !== undefined);
    const environment = { ...process.env, ...phone.environment };
    this.#child = spawn(program, [...set.flat().map(String), ...more], { env: environment });
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#ending = `the game ended with ${code ?? signal}`;
        this.events.end(this.#ending);
        for (const watcher of this.#watchers) watcher.reject(this.#ending);
        resolve(code ?? signal ?? 0);
      });
    });
    // A game that was killed does not read what is still being written to it.
    this.#child.stdin?.on('error', () => {});
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    if (this.#child.stdout) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#came(named(JSON.parse(line))));
    }
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Process id of the daemon that it was connected to last. */
  get daemonPid(): number {
    return this.daemons.at(-1) ?? -1;
  }

  textsFrom(peerId: string): string[] {
    return this.messages.filter((message) => message.peerId === peerId).map(({ text }) => text);
  }

  /** Texts that were delivered, in the order in which that was polled. */
  deliveredTexts(): string[] {
    const texts = new Map([...this.accepted].map(([text, messageId]) => [messageId, text]));
    return this.settlements
      .filter(({ state }) => state === 'delivered')
      .map(({ messageId }) => `${texts.get(messageId)}`);
  }

  do(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Gives the response, also one that says an error. */
  async ask(command: string, limitMs?: number): Promise<GameEvent> {
    let answer: GameEvent | undefined;
    const waiting = this.#asking.get(command) ?? [];
    waiting.push((given) => {
      answer = given;
    });
    this.#asking.set(command, waiting);
    this.do(command);
    await this.when(`an answer to "${command.slice(0, 80)}"`, () => answer !== undefined, limitMs);
    return answer as unknown as GameEvent;
  }

  /** Gives the id of the accepted message; rejects when it was refused. */
  async say(peerId: string, text: string): Promise<number> {
    const answer = await this.ask(`say ${peerId} ${text}`);
    if (answer.messageId === undefined) throw new Error(`message.send failed: ${JSON.stringify(answer)}`);
    return answer.messageId as number;
  }

  /** Takes the next event of this type out of those that came, or waits for it. */
  async until(type: string, matches: (event: GameEvent) => boolean = () => true, limitMs = 15_000): Promise<GameEvent> {
    try {
      return await this.events.until((event) => event.type === type && matches(event), type, limitMs);
    } catch (error) {
      throw new Error(`${(error as Error).message}; stderr: ${this.errors || 'empty'}\n${this.phone.logTail()}`);
    }
  }

  /** Waits until something holds of what this game has polled. Rejects after `limitMs`, or as soon as the game has ended. */
  when(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
    if (holds()) return Promise.resolve();
    if (this.#ending !== undefined) return Promise.reject(this.#failure(what, this.#ending));
    return new Promise((resolve, reject) => {
      const end = (act: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        act();
      };
      const watcher: Watcher = {
        holds,
        resolve: () => end(resolve),
        reject: (why) => end(() => reject(this.#failure(what, why))),
      };
      const timer = setTimeout(() => watcher.reject(`not within ${limitMs} ms`), limitMs);
      this.#watchers.add(watcher);
    });
  }

  /** The link to the daemon stands now. */
  async ready(limitMs?: number): Promise<this> {
    await this.when('the state ready', () => this.states.at(-1) === 'ready', limitMs);
    return this;
  }

  /** Registered at the server now, as far as it was told. */
  async online(limitMs?: number): Promise<this> {
    await this.when('the line to be online', () => this.line?.state === 'online', limitMs);
    return this;
  }

  /** Its table of peers shows that one as online now, or not. */
  async seesPeer(peerId: string, online = true, limitMs?: number): Promise<void> {
    await this.when(`${peerId} ${online ? 'on' : 'off'}line`, () => this.onlinePeers.has(peerId) === online, limitMs);
  }

  /** Waits for the settlement of a message. */
  async settled(messageId: number, limitMs?: number): Promise<Settled> {
    const find = (): Settled | undefined => this.settlements.find((one) => one.messageId === messageId);
    await this.when(`the end of message ${messageId}`, () => find() !== undefined, limitMs);
    return find() as Settled;
  }

  /** Sends a text and waits until the peer has it. */
  async deliver(peerId: string, text: string, limitMs?: number): Promise<Settled> {
    const settled = await this.settled(await this.say(peerId, text), limitMs);
    if (settled.state !== 'delivered') {
      throw new Error(`"${text}" was not delivered: ${JSON.stringify(settled)}\n${this.phone.logTail()}`);
    }
    return settled;
  }

  /** Waits for a text of a peer. */
  async hears(peerId: string, text: string, limitMs?: number): Promise<void> {
    const heard = (): boolean => this.messages.some((message) => message.peerId === peerId && message.text === text);
    await this.when(`"${text.slice(0, 80)}" of ${peerId}`, heard, limitMs);
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  async killed(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** Says goodbye. */
  async quit(): Promise<void> {
    this.do('quit');
    await this.exited;
  }

  #came(event: GameEvent): void {
    if (event.type === 'state') {
      this.states.push(event.state as string);
      if (event.state === 'ready') this.daemons.push(event.pid as number);
    }
    this.#follow(event);
    if (event.type === 'message') this.messages.push(event as unknown as ReceivedMessage);
    else if (event.type === 'messageChanged') this.settlements.push(event as unknown as Settled);
    else if (event.type === 'request') this.#requested(event);
    else if (event.type === 'response') this.#answered(event);
    else this.events.push(event);
    for (const watcher of this.#watchers) if (watcher.holds()) watcher.resolve();
  }

  #follow(event: GameEvent): void {
    if (event.type === 'line' || event.type === 'snapshot') this.line = event;
    if (event.type === 'snapshot') this.onlinePeers.clear();
    const peers = event.type === 'peer' ? [event] : event.type === 'snapshot' ? (event.peers as GameEvent[]) : [];
    for (const { peerId, online } of peers) {
      if (online) this.onlinePeers.add(peerId as string);
      else this.onlinePeers.delete(peerId as string);
    }
  }

  #requested(event: GameEvent): void {
    const { command, request, result } = event as unknown as { command: string; request: number; result: number };
    if (result === 0) this.#requests.set(request, command);
    else this.#answer(command, event);
  }

  #answered(event: GameEvent): void {
    const command = this.#requests.get(event.request as number) ?? '';
    this.#requests.delete(event.request as number);
    this.#answer(command, event);
  }

  #answer(command: string, answer: GameEvent): void {
    const text = /^say \S+ (.*)$/s.exec(command)?.[1];
    if (text !== undefined && answer.messageId !== undefined) this.accepted.set(text, answer.messageId as number);
    else if (text !== undefined) this.refused.set(text, answer);
    const waiting = this.#asking.get(command);
    if (waiting) waiting.shift()?.(answer);
    // Nobody asked: it stays for whoever looks for it later.
    else if (text === undefined) this.events.push(answer);
  }

  #failure(what: string, why: string): Error {
    const counts = `${this.messages.length} messages, ${this.accepted.size} accepted, ${this.refused.size} refused, ${this.settlements.length} settled`;
    const states = this.states.slice(-6).join(' ');
    const others = JSON.stringify(this.events.items.slice(-10));
    return new Error(
      `${what} did not come: ${why}; ${counts}; states: ${states}; events: ${others}; stderr: ${this.errors || 'empty'}\n${this.phone.logTail()}`,
    );
  }
}

/** Whether connections, lines and messages are meant, the number alone does not say. */
function named(event: GameEvent): GameEvent {
  const { type, method, state } = event;
  const reason = 'reason' in event ? { reason: nameOf(errorCode, event.reason) } : {};
  const error = typeof event.error === 'number' && event.error !== 0 ? { error: nameOf(errorCode, event.error) } : {};
  const result = type === 'response' && event.result !== 0 ? { code: nameOf(errorCode, event.result) } : {};
  if (type === 'line' || type === 'snapshot') return { ...event, ...error, state: nameOf(lineState, state) };
  if (type === 'messageChanged') return { ...event, ...reason, state: nameOf(messageState, state) };
  if (type === 'state') return { ...event, ...error };
  if (state === undefined) return { ...event, ...result };
  const states = method === idOf('peers.statistics') ? connectionState : lineState;
  return { ...event, ...error, ...result, state: nameOf(states, state) };
}

/** Results are negated error codes. */
function nameOf(enumeration: Enumeration, wireNumber: unknown): string {
  const wanted = Math.abs(wireNumber as number);
  const found = Object.entries(enumeration.values).find(([, [number]]) => number === wanted);
  return found?.[0] ?? `${wireNumber}`;
}
