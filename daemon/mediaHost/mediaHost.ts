// Keeps one media child alive and carries core's commands to it. Never loads a native media library itself.
import { fileURLToPath } from 'node:url';
import { type ErrorCode, MosisError } from '../core/errors.ts';
import type {
  CancelTimer,
  Clock,
  Connection,
  ConnectionHandlers,
  ConnectionStatistics,
  IceServer,
  Log,
  Media,
} from '../core/ports.ts';
import type { FromMedia, ToMedia } from '../mediaChannel/channel.ts';
import { type Child, spawnChild } from './child.ts';
import { HostConnection, type HostConnectionOwner } from './hostConnection.ts';
import { type MediaEffect, type MediaEvent, step, stoppedMemory } from './mediaMachine.ts';

/** Commands that may wait for a child to come up; the connection that would exceed it is closed. */
const maxQueuedCommands = 4_096;
const heartbeatMs = 2_000;
/** Pings without an answer before the child is killed (10 s). Counted, not timed: both may have been stopped together. */
const maxMissedHeartbeats = 5;
const statisticsLimitMs = 2_000;

export interface MediaHostOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly iceServers?: readonly IceServer[];
  /** Local address to gather candidates on; null or absent = all. Tests say 127.0.0.1. */
  readonly bindAddress?: string | null;
  /** The child's program; tests put others in its place. */
  readonly program?: string;
}

export interface MediaHost extends Media {
  /** Closes every connection (`closed` says shuttingDown), ends the child; kills it after 3 s. May be started again afterwards. */
  stop(): Promise<void>;
}

/** Nothing is forked before start() or the first createConnection(). All handlers run on the event loop, never inside a call. */
export function createMediaHost(options: MediaHostOptions): MediaHost {
  return new Host(options);
}

class Host implements MediaHost, HostConnectionOwner {
  readonly #options: MediaHostOptions;
  readonly #log: Log;
  readonly #clock: Clock;
  #memory = stoppedMemory;
  #child: Child | undefined;
  #spawned = 0;
  #cancelTimer: CancelTimer = () => {};
  #cancelHeartbeat: CancelTimer = () => {};
  #missedHeartbeats = 0;
  #queue: ToMedia[] = [];
  #nextConnection = 1;
  readonly #connections = new Map<number, HostConnection>();
  #nextQuestion = 1;
  readonly #questions = new Map<number, (statistics: ConnectionStatistics | undefined) => void>();
  #whenStopped: (() => void)[] = [];

  constructor(options: MediaHostOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#clock = options.clock;
  }

  get state(): Media['state'] {
    switch (this.#memory.state) {
      case 'backingOff':
        return 'starting';
      case 'stopping':
        return 'stopped';
      default:
        return this.#memory.state;
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get restarts(): number {
    return Math.max(0, this.#spawned - 1);
  }

  start(): void {
    this.#step('startRequested');
  }

  createConnection(handlers: ConnectionHandlers): Connection {
    this.start();
    const connection = new HostConnection(this.#nextConnection, handlers, this);
    this.#nextConnection += 1;
    this.#connections.set(connection.id, connection);
    if (this.state === 'failed' || this.state === 'stopped') {
      queueMicrotask(() => connection.end('mediaFailed', 'The media child is not running; see the daemon log.'));
    } else {
      this.command({ kind: 'create', connection: connection.id });
    }
    return connection;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#step('stopRequested');
      if (this.#memory.state === 'stopped') resolve();
      else this.#whenStopped.push(resolve);
    });
  }

  command(message: ToMedia): void {
    if (this.#memory.state === 'running') {
      this.#hand(message);
      return;
    }
    if (this.state !== 'starting') return;
    if (this.#queue.length < maxQueuedCommands) {
      this.#queue.push(message);
      return;
    }
    const connection = 'connection' in message ? this.#connections.get(message.connection) : undefined;
    queueMicrotask(() => connection?.end('mediaFailed', 'Too much waits for the media child to start.'));
  }

  statistics(connection: number): Promise<ConnectionStatistics> {
    const request = this.#nextQuestion;
    this.#nextQuestion += 1;
    return new Promise((resolve, reject) => {
      const settle = (statistics: ConnectionStatistics | undefined): void => {
        cancel();
        this.#questions.delete(request);
        if (statistics === undefined)
          reject(new MosisError('notFound', 'The connection has ended, or did not answer.'));
        else resolve(statistics);
      };
      const cancel = this.#clock.after(statisticsLimitMs, () => settle(undefined));
      this.#questions.set(request, settle);
      this.command({ kind: 'statistics', connection, request });
    });
  }

  forget(connection: number): void {
    this.#connections.delete(connection);
  }

  #hand(message: ToMedia): void {
    if (message.kind === 'create') {
      const connection = this.#connections.get(message.connection);
      if (connection === undefined) return;
      connection.handedOver = true;
    }
    this.#child?.send(message);
  }

  #step(event: MediaEvent): void {
    const before = this.#memory.state;
    const { memory, effects } = step(this.#memory, event, this.#clock.monotonic());
    this.#memory = memory;
    if (memory.state !== before) {
      this.#log.info('Media child', { from: before, state: memory.state, event, restarts: this.restarts });
    }
    for (const effect of effects) this.#run(effect);
    if (memory.state === 'stopped') for (const resolve of this.#whenStopped.splice(0)) resolve();
  }

  #run(effect: MediaEffect): void {
    switch (effect.do) {
      case 'spawn':
        this.#spawn();
        return;
      case 'kill':
        this.#child?.kill();
        return;
      case 'askToStop':
        this.#child?.send({ kind: 'stop' });
        return;
      case 'startTimer':
        this.#cancelTimer();
        this.#cancelTimer = this.#clock.after(effect.delayMs, () => this.#step('timerFired'));
        return;
      case 'stopTimer':
        this.#cancelTimer();
        return;
      case 'flushQueue':
        this.#flush();
        return;
      case 'endConnections':
        this.#endConnections(effect.which);
        return;
      default:
        effect satisfies never;
    }
  }

  #spawn(): void {
    const program = this.#options.program ?? fileURLToPath(new URL('../media/main.ts', import.meta.url));
    this.#spawned += 1;
    const handlers = {
      message: (message: FromMedia) => this.#receive(message),
      exited: (why: string) => this.#exited(why),
    };
    this.#child = spawnChild(program, handlers, this.#log);
  }

  #exited(why: string): void {
    const expected = this.#memory.state === 'stopping';
    this.#log[expected ? 'info' : 'error']('Media child ended', { why, pid: this.#child?.pid });
    this.#child = undefined;
    this.#cancelHeartbeat();
    for (const settle of [...this.#questions.values()]) settle(undefined);
    this.#step('childExited');
  }

  #flush(): void {
    const { iceServers = [], bindAddress = null } = this.#options;
    this.#child?.send({ kind: 'configure', settings: { iceServers, bindAddress } });
    this.#missedHeartbeats = 0;
    this.#beat();
    const waiting = this.#queue;
    this.#queue = [];
    for (const message of waiting) {
      // What was closed while it waited is not worth making.
      if (!('connection' in message) || this.#connections.has(message.connection)) this.#hand(message);
    }
  }

  #beat(): void {
    this.#cancelHeartbeat = this.#clock.after(heartbeatMs, () => {
      if (this.#missedHeartbeats >= maxMissedHeartbeats) {
        this.#log.error('Media child does not answer; it is killed', { pid: this.#child?.pid });
        this.#step('heartbeatLost');
        return;
      }
      this.#missedHeartbeats += 1;
      this.#child?.send({ kind: 'ping' });
      this.#beat();
    });
  }

  #endConnections(which: 'handedOver' | 'all'): void {
    if (which === 'all') this.#queue = [];
    const stopping = this.#memory.state === 'stopping' || this.#memory.state === 'stopped';
    const code: ErrorCode = stopping ? 'shuttingDown' : 'mediaFailed';
    const text = stopping ? 'The daemon is stopping.' : 'The media child of the daemon died; see the daemon log.';
    const ending = [...this.#connections.values()].filter((connection) => which === 'all' || connection.handedOver);
    // Not from within a call of core's (createConnection, stop), and after the state has settled.
    queueMicrotask(() => {
      for (const connection of ending) connection.end(code, text);
    });
  }

  #receive(message: FromMedia): void {
    this.#missedHeartbeats = 0;
    switch (message.kind) {
      case 'ready':
        this.#log.debug('Media child ready', { pid: this.#child?.pid, libdatachannel: message.libraryVersion });
        this.#step('childReady');
        return;
      case 'cannotStart':
        this.#log.error('Media child cannot start; is node-datachannel installed?', { reason: message.text });
        return;
      case 'pong':
        return;
      case 'log':
        this.#log[message.level](message.message, message.fields);
        return;
      case 'statistics':
        this.#questions.get(message.request)?.(message.statistics);
        return;
      default:
        this.#connections.get(message.connection)?.receive(message);
    }
  }
}
