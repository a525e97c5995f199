// A game that said hello: its line, its events, its connection while it has one. Runs the effects of the session machine.
import { encodeLink, type LinkValue, limits } from '../../proto/runtime/index.ts';
import type { CancelTimer, Clock, LineInfo, LineSettings, Log, Phone, Snapshot } from '../core/ports.ts';
import type { Connection } from './connection.ts';
import { EventStream, type StreamStore } from './eventStream.ts';
import { type Agreement, observeScope } from './hello.ts';
import { type SessionEffect, type SessionEvent, type SessionState, stepSession } from './sessionMachine.ts';

export interface SessionTools {
  readonly phone: Phone;
  readonly store: StreamStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly daemonVersion: string;
  readonly pid: number;
  readonly profile: string;
  /** The session ended and is to be forgotten. */
  ended(session: Session): void;
}

export class Session {
  readonly sessionId: number;
  /** Hex of hello's sessionKey. */
  readonly key: string;
  readonly events: EventStream;
  connection: Connection | undefined;
  lineId = 0;
  settings: LineSettings = {};
  /** Requests whose answer is still to come. */
  pendingRequests = 0;
  readonly #tools: SessionTools;
  #hello: LinkValue<'hello'>;
  #agreement: Agreement;
  #state: SessionState = 'connected';
  #stopGrace: CancelTimer | undefined;

  constructor(sessionId: number, key: string, hello: LinkValue<'hello'>, agreement: Agreement, tools: SessionTools) {
    this.sessionId = sessionId;
    this.key = key;
    this.#hello = hello;
    this.#agreement = agreement;
    this.#tools = tools;
    this.events = new EventStream({
      store: tools.store,
      send: (bytes) => this.connection?.send(bytes),
      resync: () => this.#identify(true),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get about(): { app: string; engine?: string; pid: number } {
    const { app, engine, pid } = this.#hello;
    return { app, pid, ...(engine !== undefined && { engine }) };
  }

  /**
   * Binds hello's line and welcomes the game on `connection`, which takes the place of an earlier one.
   * Throws what Phone.configureLine throws; nothing has changed then.
   */
  hello(connection: Connection, hello: LinkValue<'hello'>, agreement: Agreement): void {
    // A shim that comes back repeats its line by itself: a line that was closed or taken over meanwhile stays so.
    if (hello.line !== undefined && !this.#isBoundTo(hello.line)) this.#bindLine(hello.line);
    if (this.connection && this.connection !== connection) {
      this.connection.session = undefined;
      this.connection.end();
    }
    this.connection = connection;
    connection.session = this;
    this.#hello = hello;
    this.#agreement = agreement;
    this.step('helloAccepted');
  }

  /** Changes the line as `change` says and follows its events. Throws what Phone.configureLine throws. */
  configureLine(change: LineSettings): LineInfo {
    const before = this.lineId;
    this.#bindLine(change);
    if (this.lineId !== before) {
      this.#startEvents(undefined);
      // Who is online on the new line was told before this session followed it.
      this.#identify(true);
      this.events.pump();
    }
    return this.lineInfo();
  }

  closeLine(): LineInfo {
    return this.#tools.phone.closeLine(this.lineId, this.sessionId);
  }

  lineInfo(): LineInfo {
    return this.#tools.phone.lineInfo(this.lineId, this.settings);
  }

  step(event: SessionEvent): void {
    const step = stepSession(this.#state, event);
    if (!step) return;
    if (step.to !== this.#state) {
      const { app } = this.#hello;
      this.#tools.log.info('session', { sessionId: this.sessionId, app, from: this.#state, event, state: step.to });
    }
    this.#state = step.to;
    for (const effect of step.effects) this.#run(effect);
    if (step.to === 'ended') this.#tools.ended(this);
  }

  #run(effect: SessionEffect): void {
    switch (effect) {
      case 'welcome':
        return this.#welcome();
      case 'pauseEvents':
        return this.events.stop();
      case 'startGrace':
        this.#dropConnection();
        this.#stopGrace = this.#tools.clock.after(limits.sessionKeepMs, () => this.step('graceOver'));
        return;
      case 'stopGrace':
        this.#stopGrace?.();
        this.#stopGrace = undefined;
        return;
      case 'release':
        if (this.lineId !== 0) this.#tools.phone.detach(this.lineId, this.sessionId);
        return;
      case 'sayGoodbye':
        this.connection?.send(encodeLink('goodbye', { reason: 'daemonStops' }));
        return;
      default:
        return effect satisfies never;
    }
  }

  #welcome(): void {
    const resumed = this.#startEvents(this.#hello.since);
    this.#identify(resumed);
    this.events.pump();
  }

  #startEvents(since: number | undefined): boolean {
    return this.events.start({
      lineId: this.lineId,
      categories: this.#hello.events,
      since,
      marksTaken: !this.#agreement.scopes.includes(observeScope),
    });
  }

  #identify(resumed: boolean): void {
    const { daemonVersion, pid, profile } = this.#tools;
    const { protocol, scopes } = this.#agreement;
    this.connection?.send(
      encodeLink('identified', {
        protocol,
        daemonVersion,
        pid,
        profile,
        sessionId: this.sessionId,
        scopes: [...scopes],
        resumed,
        snapshot: this.#snapshot(),
      }),
    );
  }

  #snapshot(): Snapshot {
    const { phone, store } = this.#tools;
    const line = this.lineInfo();
    const peers = line.lineId === 0 ? [] : phone.peers(line.lineId);
    return { sequence: store.lastSequence(), line, peers };
  }

  /** The new line first: a line that both share is never without a user. */
  #bindLine(change: LineSettings): void {
    const { phone } = this.#tools;
    const before = this.lineId;
    const { settings, lineId } = phone.configureLine(this.settings, change);
    this.settings = settings;
    this.lineId = lineId;
    if (lineId !== 0) phone.attach(lineId, this.sessionId);
    // A game that moves on leaves that server; one that only ends does not.
    if (before !== 0 && before !== lineId) {
      phone.detach(before, this.sessionId);
      phone.closeLine(before, this.sessionId);
    }
  }

  #isBoundTo({ server, phoneId, displayName }: LineSettings): boolean {
    const { settings } = this;
    const same = (given: string | undefined, bound: string | undefined) => given === undefined || given === bound;
    return (
      this.lineId !== 0 &&
      same(server, settings.server) &&
      same(phoneId, settings.phoneId) &&
      same(displayName, settings.displayName)
    );
  }

  #dropConnection(): void {
    if (this.connection) this.connection.session = undefined;
    this.connection?.forget();
    this.connection = undefined;
  }
}
