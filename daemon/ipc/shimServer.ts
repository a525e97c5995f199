// The door to the games: takes what the router brings, knows who said it, and lets core and the handlers answer.
import {
  decodeShim,
  encodeErrorResponse,
  encodeLink,
  type LinkIn,
  type LinkValue,
  limits,
  ProtocolError,
  type RequestIn,
} from '../../proto/runtime/index.ts';
import { type ErrorCode, MosisError } from '../core/errors.ts';
import { hex } from '../core/hex.ts';
import type { Clock, JournalEntry, Log, Phone, Random, Shims, Store } from '../core/ports.ts';
import { Connection } from './connection.ts';
import type { HostStatus } from './handlers/handler.ts';
import { agree } from './hello.ts';
import { Requests } from './requests.ts';
import { ControlRouter } from './router.ts';
import { Session, type SessionTools } from './session.ts';
import type { Transport } from './zap.ts';

export interface ShimServerOptions {
  readonly transport: Transport;
  /** For ipc; its folder is private. */
  readonly socketFile: string;
  readonly ownUid: number;
  readonly pid: number;
  readonly profile: string;
  readonly daemonVersion: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What the daemon says of itself in daemon.status. */
  status(): HostStatus;
  /** A game asked for an orderly stop. */
  requestStop(): void;
}

/** Connections at once, identified or not. */
const connectionLimit = 256;
const sessionLimit = 64;
const whoIntervalMs = 1000;
/** The loop was blocked, or the machine slept: nobody is to blame for being silent meanwhile. */
const lateBeatMs = limits.pingIntervalMs * 2;

export class ShimServer implements Shims {
  readonly token: string;
  readonly #options: ShimServerOptions;
  readonly #router: ControlRouter;
  readonly #connections = new Map<string, Connection>();
  readonly #sessions = new Map<string, Session>();
  #sessionTools: SessionTools | undefined;
  #requests: Requests | undefined;
  #lastSessionId = 0;
  #malformedMessages = 0;
  #beatAt = 0;
  #stopped = false;

  constructor(options: ShimServerOptions, router: ControlRouter) {
    this.#options = options;
    this.#router = router;
    this.token = hex(options.random.bytes(32));
  }

  get endpoint(): string {
    return this.#router.endpoint;
  }

  get curveServerKey(): string | undefined {
    return this.#router.curveServerKey;
  }

  /** Games that are attached, or expected back. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Also called for what peers send. `reason` goes to the log. */
  countMalformed(reason: string): void {
    this.#malformedMessages += 1;
    this.#options.log.debug('malformed message', { reason });
  }

  /** Begins to answer; once. */
  serve(phone: Phone): void {
    const { clock, log, store, daemonVersion, pid, profile, requestStop } = this.#options;
    this.#sessionTools = {
      ...{ phone, store, clock, log, daemonVersion, pid, profile },
      ended: (session) => this.#sessions.delete(session.key),
    };
    this.#requests = new Requests({
      phone,
      clock,
      log,
      status: () => this.#status(phone),
      stopDaemon: () => clock.after(0, requestStop),
    });
    this.#router.serve({
      message: (routingId, bytes) => this.#received(routingId, bytes),
      disconnected: (routingId) => this.#disconnected(routingId),
    });
    this.#beatAt = clock.monotonic();
    this.#nextBeat();
  }

  publish(lineId: number, entry: JournalEntry & { durable: boolean }): void {
    for (const session of this.#sessions.values()) session.events.publish(lineId, entry);
  }

  /** Says goodbye to all and closes. The caller stops the phone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const connections = [...this.#connections.values()];
    for (const session of [...this.#sessions.values()]) session.step('stopped');
    await Promise.all(connections.map((connection) => connection.flushed()));
    this.#router.close();
  }

  #status(phone: Phone) {
    const sessions = [...this.#sessions.values()].map((session) => ({
      sessionId: session.sessionId,
      ...session.about,
      lineId: session.lineId,
      eventsQueued: session.events.untaken,
    }));
    return {
      ...this.#options.status(),
      sessions,
      lines: phone.lines(),
      outboxMessages: this.#options.store.outboxCount(),
      malformedMessages: this.#malformedMessages,
    };
  }

  // -------------------------------------------------------------------------------------------------- connections

  #received(routingId: Buffer, bytes: Buffer | undefined): void {
    const connection = this.#connectionOf(routingId);
    if (!connection || connection.ignored || this.#stopped) return;
    connection.heardAt = this.#options.clock.monotonic();
    const message = this.#decode(connection, bytes);
    if (message?.kind === 'link') this.#link(connection, message);
    else if (message && !connection.session) this.#askWho(connection);
    else if (message && connection.session) this.#requests?.handle(connection.session, message);
  }

  /** Undefined when it was refused. */
  #decode(connection: Connection, bytes: Buffer | undefined): LinkIn | RequestIn | undefined {
    try {
      if (bytes === undefined) throw new ProtocolError('malformed', 'a message must have exactly one part');
      const message = decodeShim(bytes);
      if (message.kind === 'link' || message.kind === 'request') return message;
      throw new ProtocolError('malformed', `a game sends no ${message.kind}`);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuse(connection, error);
      return undefined;
    }
  }

  #connectionOf(routingId: Buffer): Connection | undefined {
    const name = routingId.toString('latin1');
    const known = this.#connections.get(name);
    if (known) return known;
    if (this.#connections.size >= connectionLimit) {
      const text = `${connectionLimit} connections are open already: end some games, or use another profile`;
      void this.#router.send(routingId, encodeLink('refused', { code: 'queueFull', text }));
      return undefined;
    }
    const made = new Connection(routingId, this.#router, this.#options.clock, (dead) => {
      if (this.#connections.get(name) === dead) this.#disconnected(routingId);
    });
    this.#connections.set(name, made);
    return made;
  }

  #disconnected(routingId: Buffer): void {
    const name = routingId.toString('latin1');
    const connection = this.#connections.get(name);
    this.#connections.delete(name);
    connection?.end();
    connection?.session?.step('connectionLost');
  }

  #link(connection: Connection, { name, value }: LinkIn): void {
    if (name === 'hello') return this.#hello(connection, value);
    const { session } = connection;
    if (!session) {
      if (name !== 'goodbye') this.#askWho(connection);
      return;
    }
    switch (name) {
      case 'ping':
        return connection.send(encodeLink('pong', { nonce: value.nonce }));
      case 'pong':
        return connection.pong(value.nonce);
      case 'taken':
        return session.events.taken(value.sequence);
      case 'goodbye':
        connection.session = undefined;
        return session.step('goodbyeReceived');
      case 'identified':
      case 'refused':
      case 'who':
        return this.#refuse(connection, new ProtocolError('malformed', `a game sends no ${name}`));
      default:
        return name satisfies never;
    }
  }

  #askWho(connection: Connection): void {
    const now = this.#options.clock.monotonic();
    if (now - connection.whoSaidAt < whoIntervalMs) return;
    connection.whoSaidAt = now;
    connection.send(encodeLink('who', {}));
  }

  // -------------------------------------------------------------------------------------------------- hello

  #hello(connection: Connection, hello: LinkValue<'hello'>): void {
    try {
      const agreement = agree(hello, this.token, this.#options.daemonVersion);
      const key = hex(hello.sessionKey);
      if (connection.session && connection.session.key !== key) connection.session.step('connectionLost');
      const session = this.#sessions.get(key) ?? this.#newSession(key, hello, agreement);
      session.hello(connection, hello, agreement);
      this.#sessions.set(key, session);
    } catch (error) {
      const { code, text } = this.#helloFailure(error);
      this.#options.log.warn('session refused', { app: hello.app, pid: hello.pid, code });
      connection.send(encodeLink('refused', { code, text }));
    }
  }

  /** A defect of ours is answered as well: the game must not wait for nothing. */
  #helloFailure(error: unknown): { code: ErrorCode; text: string } {
    if (error instanceof MosisError) return { code: error.code, text: cut(error.message) };
    this.#options.log.error('a hello failed by a defect', { error, stack: (error as Error).stack });
    return { code: 'internal', text: 'The session failed by a defect in the daemon; see its log.' };
  }

  #newSession(key: string, hello: LinkValue<'hello'>, agreement: ReturnType<typeof agree>): Session {
    if (!this.#sessionTools) throw new MosisError('internal', 'The daemon is not serving yet');
    if (this.#sessions.size >= sessionLimit) {
      throw new MosisError(
        'queueFull',
        `${sessionLimit} games use this daemon already: end one, or use another profile`,
      );
    }
    this.#lastSessionId += 1;
    return new Session(this.#lastSessionId, key, hello, agreement, this.#sessionTools);
  }

  // -------------------------------------------------------------------------------------------------- bad messages

  #refuse(connection: Connection, error: ProtocolError): void {
    // A newer shim may say things that we do not know; STANDARD.md has us ignore them.
    if (error.code === 'notSupported') return;
    this.countMalformed(error.message);
    const flood = connection.malformed.count(this.#options.clock.monotonic());
    if (flood) return this.#endFlood(connection);
    if (connection.session) {
      if (error.requestId !== undefined)
        connection.send(encodeErrorResponse(error.requestId, error.code, sentence(error)));
    } else {
      connection.send(encodeLink('refused', { code: error.code, text: sentence(error) }));
    }
  }

  /** ZeroMQ cannot close one connection of a ROUTER: it is told, and never listened to again. */
  #endFlood(connection: Connection): void {
    this.#options.log.warn('nothing but malformed messages: connection ended', { ...connection.session?.about });
    connection.ignored = true;
    connection.send(
      encodeLink('refused', {
        code: 'malformed',
        text: 'Too many malformed messages: compare what the shim sends with STANDARD.md.',
      }),
    );
    const { session } = connection;
    connection.session = undefined;
    session?.step('flooded');
  }

  // -------------------------------------------------------------------------------------------------- heartbeat

  #nextBeat(): void {
    this.#options.clock.after(limits.pingIntervalMs, () => {
      if (this.#stopped) return;
      this.#beat();
      this.#nextBeat();
    });
  }

  #beat(): void {
    const now = this.#options.clock.monotonic();
    const late = now - this.#beatAt > lateBeatMs;
    this.#beatAt = now;
    for (const connection of [...this.#connections.values()]) {
      const { session } = connection;
      if (!session) continue;
      if (late) connection.heardAt = now;
      if (connection.silent(now)) session.step('silent');
      else connection.ping();
    }
  }
}

/** Binds the socket; games are answered from `serve` on. Throws MosisError('daemonStartFailed') when it cannot be bound. */
export async function createShimServer(options: ShimServerOptions): Promise<ShimServer> {
  const { transport, socketFile, ownUid, log } = options;
  try {
    return new ShimServer(options, await ControlRouter.open({ transport, socketFile, ownUid, log }));
  } catch (error) {
    const where = transport === 'ipc' ? socketFile : 'a port of 127.0.0.1';
    throw new MosisError(
      'daemonStartFailed',
      `The control socket cannot be bound to ${where}: ${(error as Error).message}`,
      error,
    );
  }
}

function sentence(error: ProtocolError): string {
  const texts: Partial<Record<ErrorCode, string>> = {
    unknownMethod: `${error.message}: the daemon is older than the game; update the daemon`,
    invalidArgument: `${error.message}: compare with protocol.md`,
  };
  return cut(texts[error.code] ?? `${error.message}: the message was refused whole; compare with STANDARD.md`);
}

/** Texts of ours are ASCII but may quote a foreign one. */
function cut(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300).toWellFormed()}…`;
}
