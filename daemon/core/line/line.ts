// One line: its login at the server (line machine) and its peers. Lives as long as a session uses it or the daemon runs.
import { tolerated } from '../errors.ts';
import type { PeerTools } from '../peer/peerLink.ts';
import { Peers } from '../peer/peers.ts';
import type {
  AnySignal,
  CancelTimer,
  LineInfo,
  Signalling,
  SignallingSocket,
  SignalName,
  SignalValue,
  StoredLine,
} from '../ports.ts';
import { initialLine, type LineEffect, type LineEvent, type LineState, stepLine } from './lineMachine.ts';

export interface LineTools extends PeerTools {
  readonly signalling: Signalling;
}

export class Line {
  readonly lineId: number;
  readonly server: string;
  readonly phoneId: string;
  readonly peers: Peers;
  /** Sessions that use it. */
  readonly sessions = new Set<number>();

  readonly #tools: LineTools;
  #displayName: string;
  #resumeToken: string | null;
  #state: LineState = initialLine;
  #socket: SignallingSocket | undefined;
  #cancelTimer: CancelTimer | undefined;

  /** Throws MosisError('storeFailed'). */
  constructor(tools: LineTools, stored: StoredLine) {
    this.#tools = tools;
    this.lineId = stored.lineId;
    this.server = stored.server;
    this.phoneId = stored.phoneId;
    this.#displayName = stored.displayName;
    this.#resumeToken = stored.resumeToken;
    this.peers = new Peers(tools, this);
    this.peers.resume();
  }

  get displayName(): string {
    return this.#displayName;
  }

  get online(): boolean {
    return this.#state.name === 'online';
  }

  get #registering(): boolean {
    return this.#state.name === 'registering' || this.#state.name === 'registeringPlain';
  }

  /** False once it is closed, or refused for good. */
  get active(): boolean {
    return this.#state.name !== 'offline';
  }

  info(): LineInfo {
    const { name, error, text, retryInMs } = this.#state;
    const state = name === 'offline' || name === 'online' ? name : 'connecting';
    return {
      lineId: this.lineId,
      state,
      server: this.server,
      phoneId: this.phoneId,
      displayName: this.#displayName,
      ...(error ? { error, text: text ?? '' } : {}),
      ...(name === 'waiting' && retryInMs !== undefined ? { retryInMs } : {}),
    };
  }

  open(): void {
    this.#apply({ type: 'lineOpened' });
  }

  rename(displayName: string): void {
    if (displayName === this.#displayName) return;
    this.#displayName = displayName;
    // A login under way has told the old name.
    if (this.online || this.#registering) this.#register();
    this.#announce();
  }

  close(): void {
    this.#apply({ type: 'lineClosed' });
  }

  /** The daemon ends. */
  stop(): void {
    this.peers.stop();
    this.#cancelTimer?.();
    this.#socket?.close();
    this.#socket = undefined;
  }

  send<N extends SignalName>(name: N, value: SignalValue<N>): boolean {
    return this.#socket?.send(name, value) ?? false;
  }

  #apply(event: LineEvent): void {
    const before = this.#state.name;
    const { state, effects } = stepLine(this.#state, event, this.#tools.random.fraction());
    if (effects.length === 0) return;
    this.#tools.log.info('line', { lineId: this.lineId, from: before, to: state.name, event: event.type });
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    if (state.name === 'online') this.peers.lineOnline();
    else if (before === 'online') this.peers.lineOffline();
    if (state.name === 'offline') this.peers.hangUp();
  }

  #run(effect: LineEffect): void {
    switch (effect.do) {
      case 'openSocket':
        this.#openSocket();
        return;
      case 'closeSocket':
        this.#socket?.close();
        this.#socket = undefined;
        return;
      case 'sendRegister':
        this.#register();
        return;
      case 'requestPeers':
        this.send('get_peers', {});
        return;
      case 'startTimer':
        this.#cancelTimer?.();
        this.#cancelTimer = this.#tools.clock.after(effect.delayMs, () => this.#apply({ type: 'timerFired' }));
        return;
      case 'cancelTimer':
        this.#cancelTimer?.();
        this.#cancelTimer = undefined;
        return;
      case 'announce':
        this.#announce();
        return;
      default:
        effect satisfies never;
    }
  }

  #openSocket(): void {
    this.#tools.media.start();
    this.#socket = this.#tools.signalling.open(this.server, {
      opened: ({ plain }) => this.#apply({ type: plain ? 'plainSocketOpened' : 'socketOpened' }),
      signal: (signal) => this.#signal(signal),
      closed: ({ code, text }) =>
        this.#apply({ type: code === 'takenOver' ? 'takenOver' : 'socketClosed', code, text }),
    });
  }

  #register(): void {
    const resume = this.#resumeToken === null ? {} : { resume: this.#resumeToken };
    const name = this.#displayName === '' ? {} : { name: this.#displayName };
    this.send('register', { id: this.phoneId, ...name, ...resume });
  }

  #announce(): void {
    this.#tools.events.publish(this.lineId, 'line.changed', { line: this.info() });
  }

  #signal(signal: AnySignal): void {
    switch (signal.name) {
      case 'registered':
        this.#resumeToken = signal.value.resume;
        tolerated(this.#tools.log, 'the resume token could not be stored', () =>
          this.#tools.store.setResumeToken(this.lineId, signal.value.resume),
        );
        this.#apply({ type: 'loginConfirmed' });
        return;
      case 'error':
        if (!this.#loginError(signal.value)) this.peers.signal(signal);
        return;
      case 'peer_joined':
        // A plain server confirms a login by nothing but the echo of our own.
        if (signal.value.id === this.phoneId) this.#apply({ type: 'loginConfirmed' });
        this.peers.signal(signal);
        return;
      default:
        this.peers.signal(signal);
    }
  }

  #loginError(error: SignalValue<'error'>): boolean {
    if (error.code === 'takenOver') this.#apply({ type: 'takenOver', code: 'takenOver', text: error.text });
    else if (error.code === 'idTaken' || error.code === 'roomFull' || error.request === 'register') {
      this.#apply({ type: 'loginRefused', code: 'serverRefused', text: error.text });
    } else return false;
    return true;
  }
}
