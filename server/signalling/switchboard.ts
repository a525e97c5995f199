// What the server does with each message: registration, presence, forwarding. Knows sockets only as `Socket`, and no clock of its own.
import { timingSafeEqual } from 'node:crypto';
import { encodeSignal } from '../../proto/runtime/signal.ts';
import { Client, closeCodes, type Socket } from './client.ts';
import { type Register, type Relay, read } from './incoming.ts';
import { type BucketShape, ExpiryQueue } from './limits.ts';
import type { Gauges, Metrics, Refusal } from './metrics.ts';
import { type Room, Rooms } from './rooms.ts';
import type { Settings } from './settings.ts';
import { Takeovers } from './takeover.ts';

/** One token of the rate pays for this many bytes of a message … */
const bytesPerToken = 16_384;
/** … and for this many entries of a list, or receivers of a broadcast. */
const peersPerToken = 50;
const tellOfDropsEveryMs = 1000;

export interface SwitchboardParts {
  readonly settings: Settings;
  readonly metrics: Metrics;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** A new unguessable resume token. */
  readonly newToken: () => string;
}

interface ErrorFields {
  readonly to?: string | undefined;
  readonly request?: string | undefined;
}

export class Switchboard {
  readonly #parts: SwitchboardParts;
  readonly #settings: Settings;
  readonly #metrics: Metrics;
  readonly #shape: BucketShape;
  readonly #rooms = new Rooms();
  readonly #clients = new Set<Client>();
  readonly #unregistered: ExpiryQueue<Client>;
  readonly #heartbeats: ExpiryQueue<Client>;
  readonly #takeovers: Takeovers<Client>;
  /** Found too slow while something was sent to them; dropped once that is done, so that no broadcast nests in another. */
  readonly #tooSlow = new Set<Client>();

  constructor(parts: SwitchboardParts) {
    const { settings, metrics } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#metrics = metrics;
    this.#shape = { capacity: settings.messageBurst, perSecond: settings.messagesPerSecond };
    this.#unregistered = new ExpiryQueue(settings.registerWithinMs);
    this.#heartbeats = new ExpiryQueue(settings.heartbeatMs);
    this.#takeovers = new Takeovers(settings.takeoverPingMs);
  }

  get sockets(): number {
    return this.#clients.size;
  }

  gauges(): Gauges {
    return { sockets: this.#clients.size, registered: this.#rooms.registered, rooms: this.#rooms.size };
  }

  /** A socket opened in the room `path`. The caller tells the methods below what happens to it. */
  opened(socket: Socket, path: string, extended: boolean): Client {
    const nowMs = this.#parts.clock();
    const client = new Client(socket, path, extended, this.#shape, nowMs);
    this.#clients.add(client);
    this.#unregistered.add(client, nowMs);
    this.#heartbeats.add(client, nowMs);
    this.#metrics.connects += 1;
    return client;
  }

  /** A whole message came; `text` is undefined when it was not UTF-8. */
  received(client: Client, text: string | undefined, sizeBytes: number): void {
    if (client.finished) return;
    this.#metrics.bytesReceived += sizeBytes;
    this.#heard(client);
    if (this.#pays(client, 1 + Math.floor(sizeBytes / bytesPerToken))) this.#accept(client, text, sizeBytes);
    this.#dropSlowReaders();
  }

  /** A ping or a pong came. They cost as much as a message: the server answers the one, and nobody asked for many of the other. */
  controlled(client: Client): void {
    if (client.finished) return;
    this.#heard(client);
    this.#pays(client, 1);
    this.#dropSlowReaders();
  }

  closed(client: Client): void {
    this.#clients.delete(client);
    this.#forget(client);
    this.#dropSlowReaders();
  }

  /** Does what has come due; to be called about ten times a second. */
  tick(): void {
    const nowMs = this.#parts.clock();
    for (const client of this.#unregistered.expired(nowMs)) this.#timeOutRegistration(client);
    for (const client of this.#heartbeats.expired(nowMs)) this.#beat(client, nowMs);
    for (const holder of this.#takeovers.silent(nowMs)) this.#evict(holder);
    this.#dropSlowReaders();
  }

  /** Closes every socket. Nobody is told that the others leave. */
  stop(): void {
    for (const client of this.#clients) {
      client.finished = true;
      client.socket.close(closeCodes.goingAway, 'the server is stopping; connect again');
    }
  }

  /** Cuts the sockets that did not answer `stop`. */
  terminate(): void {
    for (const client of this.#clients) client.socket.terminate();
  }

  // Messages

  #accept(client: Client, text: string | undefined, sizeBytes: number): void {
    const { maxMessageBytes } = this.#settings;
    if (sizeBytes > maxMessageBytes) {
      this.#refuse(client, 'tooLarge', `the message has ${sizeBytes} bytes, at most ${maxMessageBytes} are allowed`);
      this.#countBad(client);
    } else if (text === undefined) {
      this.#refuseBad(client, 'the message is not UTF-8; send JSON as a text message');
    } else {
      this.#queueOrHandle(client, text);
    }
  }

  #queueOrHandle(client: Client, text: string): void {
    if (client.contest) client.contest.waiting.push(text);
    else this.#handle(client, text);
  }

  #handle(client: Client, text: string): void {
    const message = read(text);
    if (message.kind === 'bad') return this.#refuseBad(client, message.text, message.request);
    this.#metrics.received(message.type);
    switch (message.kind) {
      case 'register':
        return this.#register(client, message);
      case 'getPeers':
        return this.#listPeers(client);
      case 'relay':
        return this.#relay(client, message);
      case 'unknown':
        return this.#refuse(client, 'badMessage', 'this type is not known here, and without "to" it goes nowhere', {
          request: message.type,
        });
      default:
        return message satisfies never;
    }
  }

  #relay(client: Client, { type, to, message }: Relay): void {
    if (client.id === undefined) return this.#refuseUnregistered(client, type, to);
    const target = this.#rooms.find(client.path)?.find(to);
    if (target) {
      message.from = client.id;
      const json = JSON.stringify(message);
      const sizeBytes = Buffer.byteLength(json);
      if (this.#send(target, json, sizeBytes)) return this.#metrics.relayed(type, sizeBytes);
    }
    this.#refuse(client, 'unreachable', 'nobody with this id is online here', { to, request: type });
  }

  #listPeers(client: Client): void {
    const room = this.#rooms.find(client.path);
    if (client.id === undefined || !room) return this.#refuseUnregistered(client, 'get_peers');
    if (!this.#pays(client, Math.floor(room.size / peersPerToken))) return;
    const list = [];
    for (const { id, name } of room.clients()) {
      if (id !== undefined && id !== client.id) list.push({ id, name, online: true });
    }
    this.#send(client, encodeSignal('peers', { list }));
  }

  // Registration

  #register(client: Client, register: Register): void {
    const { id, resume } = register.value;
    const room = this.#rooms.find(client.path);
    const size = room?.size ?? 0;
    if (!this.#pays(client, Math.floor(size / peersPerToken))) return;
    const holder = room?.find(id);
    if (holder && holder !== client) {
      if (sameToken(holder.resume, resume)) this.#takeOver(client, register, holder);
      else this.#contest(client, register, holder);
    } else if (!holder && client.id === undefined && size >= this.#settings.maxRoomClients) {
      this.#refuse(client, 'roomFull', 'this room is full; try again later', { request: 'register' });
    } else {
      this.#join(client, register);
    }
  }

  #join(client: Client, { value: { id, name } }: Register): void {
    if (client.id !== undefined && client.id !== id) this.#leave(client);
    this.#unregistered.remove(client);
    client.id = id;
    client.name = name;
    const room = this.#rooms.findOrMake(client.path);
    room.set(id, client);
    if (client.extended) {
      client.resume = this.#parts.newToken();
      const { maxMessageBytes } = this.#settings;
      this.#send(client, encodeSignal('registered', { id, resume: client.resume, maxMessageBytes }));
    }
    // To the joiner as well: it is all the confirmation that a plain client gets.
    this.#broadcast(room, encodeSignal('peer_joined', { id, name }));
  }

  /** The newcomer has the resume token. The room is not told that anybody left: for it the id stays. */
  #takeOver(client: Client, register: Register, holder: Client): void {
    holder.id = undefined;
    this.#join(client, register);
    this.#evict(holder);
  }

  /** A holder that did not take part in a takeover by token leaves first: the room sees it go and the challenger come. */
  #evict(holder: Client): void {
    this.#metrics.takeovers += 1;
    this.#sendError(holder, 'takenOver', 'the same id logged in elsewhere; this socket closes');
    this.#finish(holder, closeCodes.takenOver, 'the same id logged in elsewhere');
  }

  /** A sign of life: whoever contests the id of this client has lost. */
  #heard(client: Client): void {
    client.unanswered = 0;
    for (const challenger of this.#takeovers.end(client)) {
      const text = 'another client is logged in under this id and answers; use another id';
      this.#settle(challenger, () => this.#refuse(challenger, 'idTaken', text, { request: 'register' }));
    }
  }

  /** Pings the holder of the id; until the outcome is known, no more is read from the newcomer. */
  #contest(client: Client, register: Register, holder: Client): void {
    client.contest = { holder, register, waiting: [] };
    client.socket.pause();
    if (this.#takeovers.begin(holder, client, this.#parts.clock())) holder.socket.ping();
  }

  /** Ends the wait of a challenger: acts, then goes on with what it sent meanwhile. */
  #settle(client: Client, act: (register: Register) => void): void {
    const { contest } = client;
    if (!contest) return;
    client.contest = undefined;
    client.socket.resume();
    act(contest.register);
    for (const text of contest.waiting) {
      // It may wait again: another challenger may have got the id first.
      if (!client.finished) this.#queueOrHandle(client, text);
    }
  }

  // Leaving

  /** Takes the client out of its room and tells the room. */
  #leave(client: Client): void {
    const room = this.#rooms.find(client.path);
    const { id } = client;
    client.id = undefined;
    client.resume = undefined;
    if (id === undefined || !room?.remove(id, client)) return;
    this.#broadcast(room, encodeSignal('peer_left', { id }));
    this.#rooms.tidy(room);
  }

  /** Ends a socket. Its id is free at once, whether or not the other side answers. */
  #finish(client: Client, code: number, reason: string): void {
    if (client.finished) return;
    client.socket.close(code, reason);
    this.#forget(client);
  }

  #forget(client: Client): void {
    client.finished = true;
    if (client.contest) {
      this.#takeovers.withdraw(client.contest.holder, client);
      client.contest = undefined;
      client.socket.resume();
    }
    this.#unregistered.remove(client);
    this.#heartbeats.remove(client);
    this.#leave(client);
    for (const challenger of this.#takeovers.end(client)) {
      this.#settle(challenger, (register) => this.#register(challenger, register));
    }
  }

  #timeOutRegistration(client: Client): void {
    const seconds = this.#settings.registerWithinMs / 1000;
    this.#metrics.refused('registerTimeout');
    this.#sendError(client, 'notRegistered', `no register within ${seconds} s; this socket closes`);
    this.#finish(client, closeCodes.policy, 'not registered in time');
  }

  #beat(client: Client, nowMs: number): void {
    if (client.unanswered >= 2) {
      this.#metrics.refused('silent');
      client.socket.terminate();
      this.#forget(client);
      return;
    }
    client.unanswered += 1;
    client.socket.ping();
    this.#heartbeats.add(client, nowMs);
  }

  // Sending

  /** False when the client cannot take it; then it is being dropped. */
  #send(client: Client, json: string, sizeBytes = Buffer.byteLength(json)): boolean {
    if (client.finished) return false;
    if (client.socket.bufferedAmount > this.#settings.maxQueuedBytes) {
      this.#tooSlow.add(client);
      return false;
    }
    client.socket.send(json);
    this.#metrics.bytesSent += sizeBytes;
    return true;
  }

  #broadcast(room: Room, json: string): void {
    const sizeBytes = Buffer.byteLength(json);
    for (const client of room.clients()) this.#send(client, json, sizeBytes);
  }

  #dropSlowReaders(): void {
    // Telling the room of a drop may find more of them: a Set also hands out what is added while it is walked.
    for (const client of this.#tooSlow) {
      if (!client.finished) this.#metrics.refused('slowReader');
      this.#finish(client, closeCodes.tryLater, 'reads too slowly');
    }
    this.#tooSlow.clear();
  }

  // Refusing

  /** Takes tokens of the client's rate; false, and the client told, when they are used up. */
  #pays(client: Client, cost: number): boolean {
    const nowMs = this.#parts.clock();
    if (client.bucket.take(this.#shape, nowMs, cost)) return true;
    this.#metrics.refused('rateLimited');
    client.droppedMessages += 1;
    if (client.droppedMessages >= this.#settings.maxDroppedMessages) {
      this.#finish(client, closeCodes.policy, 'too many messages');
    } else if (nowMs - client.toldOfDropsMs >= tellOfDropsEveryMs) {
      client.toldOfDropsMs = nowMs;
      const rate = this.#settings.messagesPerSecond;
      this.#sendError(client, 'rateLimited', `more than ${rate} messages a second; the excess is dropped, slow down`);
    }
    return false;
  }

  #refuse(client: Client, code: Refusal, text: string, fields?: ErrorFields): void {
    this.#metrics.refused(code);
    this.#sendError(client, code, text, fields);
  }

  #refuseUnregistered(client: Client, request: string, to?: string): void {
    this.#refuse(client, 'notRegistered', 'send register first', { request, to });
  }

  #refuseBad(client: Client, text: string, request?: string): void {
    this.#refuse(client, 'badMessage', text, { request });
    this.#countBad(client);
  }

  #countBad(client: Client): void {
    client.badMessages += 1;
    if (client.badMessages < this.#settings.maxBadMessages) return;
    this.#finish(client, closeCodes.policy, 'too many bad messages');
  }

  #sendError(client: Client, code: string, text: string, { to, request }: ErrorFields = {}): void {
    // A type longer than the field may be is not worth repeating.
    const shown = request !== undefined && Buffer.byteLength(request) <= 64 ? request : undefined;
    this.#send(client, encodeSignal('error', { code, text, to, request: shown }));
  }
}

/** Compares in constant time: a token cannot be found letter by letter. */
function sameToken(held: string | undefined, given: string | undefined): boolean {
  if (held === undefined || given === undefined) return false;
  const [a, b] = [Buffer.from(held), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
