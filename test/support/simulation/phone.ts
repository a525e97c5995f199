// One profile of the simulated world: a disk and a key that stay, and a daemon on them that can be stopped, killed and started again.

import { createPhone } from '../../../daemon/core/phone.ts';
import type {
  EventName,
  EventValue,
  Identity,
  LineInfo,
  LineSettings,
  Log,
  PeerInfo,
  Phone,
} from '../../../daemon/core/ports.ts';
import { decodeShim } from '../../../proto/runtime/index.ts';
import { ProcessClock } from './clock.ts';
import { simulatedIdentity } from './identity.ts';
import { SimulatedMedia } from './media.ts';
import { SimulatedSignalling } from './signalling.ts';
import { SimulatedStore } from './store.ts';
import type { World } from './world.ts';

export type AnyEvent = { [N in EventName]: { readonly name: N; readonly value: EventValue<N> } }[EventName];
export type PublishedEvent = AnyEvent & {
  readonly lineId: number;
  readonly sequence: number;
  readonly durable: boolean;
};

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

interface Process {
  readonly phone: Phone;
  readonly clock: ProcessClock;
  readonly outsideClock: ProcessClock;
  readonly media: SimulatedMedia;
  readonly signalling: SimulatedSignalling;
}

export class SimulatedPhone {
  readonly id: string;
  readonly identity: Identity;
  readonly store = new SimulatedStore();
  /** What games were told, over all lives of the daemon. */
  readonly events: PublishedEvent[] = [];
  readonly logged: LogLine[] = [];
  /** Messages of peers that were refused. */
  readonly refused: string[] = [];
  lineId = 0;
  settings: LineSettings;
  readonly #world: World;
  readonly #texts = new Map<string, string[]>();
  readonly #outcomes = new Map<number, EventValue<'message.changed'>>();
  #process: Process | undefined;

  constructor(world: World, id: string, settings: LineSettings, keyName = id) {
    this.#world = world;
    this.id = id;
    this.settings = { phoneId: id, ...settings };
    this.identity = simulatedIdentity(keyName);
    this.boot();
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  get phone(): Phone {
    return this.#now.phone;
  }

  get media(): SimulatedMedia {
    return this.#now.media;
  }

  get signalling(): SimulatedSignalling {
    return this.#now.signalling;
  }

  /** Timers of core that wait. */
  get timers(): number {
    return this.#process?.clock.pending ?? 0;
  }

  get info(): LineInfo {
    return this.phone.lineInfo(this.lineId, this.settings);
  }

  /** Starts the daemon; no line is configured yet. */
  boot(): void {
    const { clock: worldClock, random, servers, mediaNetwork, peerIdleMs } = this.#world;
    const clock = new ProcessClock(worldClock);
    const outsideClock = new ProcessClock(worldClock);
    const media = new SimulatedMedia(mediaNetwork, outsideClock, `${this.id}.${this.#world.nextProcess()}`);
    const signalling = new SimulatedSignalling(servers, { clock: outsideClock, worldClock, random });
    const phone = createPhone({
      ...{ store: this.store, signalling, media, clock, random, identity: this.identity, log: this.#log(), peerIdleMs },
      shims: {
        publish: (lineId, { bytes, sequence, durable }) => {
          const message = decodeShim(bytes);
          if (message.kind !== 'event') throw new Error(`a ${message.kind} was published as an event`);
          this.#record({ ...(message as unknown as AnyEvent), lineId, sequence, durable });
        },
      },
      software: 'simulation',
      malformed: (reason) => this.refused.push(reason),
    });
    this.#process = { phone, clock, outsideClock, media, signalling };
  }

  /** As a game does that says `line.configure`; attaches session 1. */
  configure(change: LineSettings = {}): LineInfo {
    const { settings, lineId, info } = this.phone.configureLine(this.settings, change);
    this.settings = settings;
    this.lineId = lineId;
    this.phone.attach(lineId, 1);
    return info;
  }

  /** Configures and waits for the login. */
  goOnline(change: LineSettings = {}): this {
    this.configure(change);
    this.#world.clock.until(() => this.info.state === 'online', 5000);
    return this;
  }

  send(peerId: string, text: string, idempotencyKey: Uint8Array | null = null): number {
    return this.phone.send(this.lineId, peerId, text, idempotencyKey);
  }

  peers(): PeerInfo[] {
    return this.phone.peers(this.lineId);
  }

  peer(peerId: string): PeerInfo {
    return this.phone.peer(this.lineId, peerId);
  }

  /** kill -9 of the daemon and its child. */
  kill(): void {
    const { clock, outsideClock, media, signalling } = this.#now;
    media.kill();
    signalling.kill();
    clock.kill();
    outsideClock.kill();
    this.store.reopened();
    this.#process = undefined;
  }

  /** Orderly stop. Throws when core left a timer behind. */
  stop(): void {
    const { phone, clock, outsideClock } = this.#now;
    phone.stop();
    // Confirmations of this turn of the event loop may still be on their way.
    this.#world.clock.advance(1);
    if (clock.pending > 0) throw new Error(`${clock.pending} timers of ${this.id} run on after its stop`);
    outsideClock.kill();
    this.store.reopened();
    this.#process = undefined;
  }

  /** kill -9, and the game starts a new daemon at once. */
  restart(): void {
    this.kill();
    this.boot();
    this.configure();
  }

  /** Events of one name, oldest first. */
  told<N extends EventName>(name: N): EventValue<N>[] {
    return this.events.filter((event) => event.name === name).map((event) => event.value as EventValue<N>);
  }

  /** Texts received from a peer, in order. */
  textsFrom(peerId: string): string[] {
    return this.#texts.get(peerId) ?? [];
  }

  /** What the games were told of a sent message; undefined while it is not settled. */
  outcome(messageId: number): EventValue<'message.changed'> | undefined {
    return this.#outcomes.get(messageId);
  }

  warnings(level: 'error' | 'warn' = 'error'): LogLine[] {
    return this.logged.filter((line) => line.level === level);
  }

  #record(event: PublishedEvent): void {
    this.events.push(event);
    if (event.name === 'message.received') {
      const { peerId, text } = event.value;
      const texts = this.#texts.get(peerId);
      if (texts) texts.push(text);
      else this.#texts.set(peerId, [text]);
    } else if (event.name === 'message.changed') {
      const { messageId } = event.value;
      if (this.#outcomes.has(messageId)) throw new Error(`message ${messageId} of ${this.id} was settled twice`);
      this.#outcomes.set(messageId, event.value);
    }
  }

  get #now(): Process {
    if (!this.#process) throw new Error(`the daemon of ${this.id} does not run`);
    return this.#process;
  }

  #log(): Log {
    const at =
      (level: LogLine['level']) =>
      (message: string, fields: Record<string, unknown> = {}): void => {
        this.logged.push({ level, message, fields });
      };
    return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  }
}
