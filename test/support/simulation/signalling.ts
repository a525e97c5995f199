// Signalling servers and the sockets to them. `keyed` behaves as server/signalling does, `plain` as the printed specification:
// no answer to get_peers, nothing of earlier peers, unknown targets dropped without a word, an id belongs to whoever asked last.

import type { ErrorCode } from '../../../daemon/core/errors.ts';
import { MosisError } from '../../../daemon/core/errors.ts';
import type {
  AnySignal,
  Clock,
  Signalling,
  SignallingHandlers,
  SignallingSocket,
  SignalName,
  SignalValue,
} from '../../../daemon/core/ports.ts';
import { checkSignal, encodeSignal } from '../../../proto/runtime/index.ts';
import { signals } from '../../../proto/schema/signalling/index.ts';
import type { SeededRandom } from './random.ts';
import { calm, Pipe, type Weather } from './weather.ts';

export type ServerKind = 'keyed' | 'plain';
type Received = AnySignal & { readonly sender: string | undefined };

/** What storms spare: a login that is lost half-way is the line's to bear, not the peers'. */
const login: readonly string[] = ['register', 'registered', 'get_peers', 'peers'];
/** A real server loses none of these without losing the socket. */
export const presence: readonly string[] = ['peer_joined', 'peer_left', 'error'];

/** After this long without an answer to a ping a keyed server gives the id of a silent socket away. */
const takeoverMs = 2000;

export class SimulatedServer {
  readonly url: string;
  readonly kind: ServerKind;
  weather: Weather = calm;
  /** Signals that bad weather delays but never loses, doubles or reorders. */
  spared: readonly string[] = login;
  /** Everything that clients sent, in order of arrival. */
  readonly received: Received[] = [];

  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #sockets = new Set<SimulatedSocket>();
  readonly #byId = new Map<string, SimulatedSocket>();
  #up = true;

  constructor(parts: { clock: Clock; random: SeededRandom; url: string; kind: ServerKind }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.url = parts.url;
    this.kind = parts.kind;
  }

  get ids(): string[] {
    return [...this.#byId.keys()];
  }

  get sockets(): number {
    return this.#sockets.size;
  }

  /** Signals of one name that one client sent. */
  sent<N extends SignalName>(sender: string, name: N): SignalValue<N>[] {
    return this.received
      .filter((one) => one.sender === sender && one.name === name)
      .map((one) => one.value as SignalValue<N>);
  }

  /** The server says something to one client, true or not. */
  tell<N extends SignalName>(phoneId: string, name: N, value: SignalValue<N>): void {
    this.#byId.get(phoneId)?.down(encodeSignal(name, value));
  }

  /** The connection to one client breaks; both sides notice. */
  cut(phoneId: string): void {
    const socket = this.#byId.get(phoneId);
    if (!socket) return;
    this.left(socket);
    socket.end('serverUnreachable', `The connection to ${this.url} broke`, 1006);
  }

  /** Whoever has the id is put out. */
  takeOver(phoneId: string): void {
    const socket = this.#byId.get(phoneId);
    if (socket) this.#evict(socket);
  }

  goDown(): void {
    this.#up = false;
    for (const socket of [...this.#sockets]) socket.end('serverUnreachable', `${this.url} went away`, 1001);
    this.#sockets.clear();
    this.#byId.clear();
  }

  comeUp(): void {
    this.#up = true;
  }

  // ------------------------------------------------------------------------------------------------ called by the sockets

  connect(socket: SimulatedSocket): void {
    if (!this.#up) {
      socket.end('serverUnreachable', `Nothing listens at ${this.url}`, 1006);
      return;
    }
    this.#sockets.add(socket);
    socket.opened(this.kind === 'plain');
  }

  arrived(socket: SimulatedSocket, json: string): void {
    if (!this.#sockets.has(socket)) return;
    const checked = checkSignal(json);
    // Whatever core sends must stand the server's check.
    if ('error' in checked) throw new Error(`a client sent an unusable signal: ${checked.error}`);
    const sender = checked.name === 'register' ? checked.value.id : this.#idOf(socket);
    this.received.push({ sender, name: checked.name, value: checked.value } as Received);
    if (checked.name === 'register') this.#register(socket, checked.value);
    else if (checked.name === 'get_peers') this.#list(socket);
    else if ('to' in checked.value && checked.value.to !== undefined) {
      this.#relay(socket, checked.name, checked.value.to, checked.raw);
    }
  }

  left(socket: SimulatedSocket): void {
    this.#sockets.delete(socket);
    const id = this.#idOf(socket);
    if (id === undefined) return;
    this.#byId.delete(id);
    this.#broadcast('peer_left', { id });
  }

  // --------------------------------------------------------------------------------------------------------------- inside

  #idOf(socket: SimulatedSocket): string | undefined {
    for (const [id, holder] of this.#byId) if (holder === socket) return id;
    return undefined;
  }

  #register(socket: SimulatedSocket, { id, name, resume }: SignalValue<'register'>): void {
    const holder = this.#byId.get(id);
    if (this.kind === 'plain') {
      this.#join(socket, id, name);
    } else if (holder === undefined || holder === socket) {
      this.#join(socket, id, name);
    } else if (resume !== undefined && resume === holder.resume) {
      // The room is not told that anybody left: for it the id stays.
      this.#byId.delete(id);
      this.#join(socket, id, name);
      this.#evict(holder);
    } else if (holder.silent) {
      this.#clock.after(takeoverMs, () => {
        if (!this.#sockets.has(socket)) return;
        if (this.#byId.get(id) === holder) this.#evict(holder);
        this.#join(socket, id, name);
      });
    } else {
      socket.down(encodeSignal('error', { code: 'idTaken', text: `${id} is logged in`, request: 'register' }));
    }
  }

  #join(socket: SimulatedSocket, id: string, name: string | undefined): void {
    this.#byId.set(id, socket);
    socket.displayName = name;
    if (this.kind === 'keyed') {
      socket.resume = Buffer.from(this.#random.bytes(8)).toString('hex');
      socket.down(encodeSignal('registered', { id, resume: socket.resume, maxMessageBytes: 131_072 }));
    }
    // To the joiner as well: it is all the confirmation that a plain client gets.
    this.#broadcast('peer_joined', name === undefined ? { id } : { id, name });
  }

  #evict(holder: SimulatedSocket): void {
    holder.down(encodeSignal('error', { code: 'takenOver', text: 'the same id logged in elsewhere' }));
    this.left(holder);
    holder.end('takenOver', 'The same id logged in elsewhere', 4001);
  }

  #list(socket: SimulatedSocket): void {
    if (this.kind === 'plain') return;
    const others = [...this.#byId].filter(([, holder]) => holder !== socket);
    const list = others.map(([id, { displayName: name }]) => ({
      id,
      online: true,
      ...(name !== undefined && { name }),
    }));
    socket.down(encodeSignal('peers', { list }));
  }

  #relay(socket: SimulatedSocket, type: string, to: string, raw: Record<string, unknown>): void {
    const from = this.#idOf(socket);
    const target = this.#byId.get(to);
    if (target && (from !== undefined || this.kind === 'plain')) {
      target.down(JSON.stringify({ ...raw, from }));
    } else if (this.kind === 'keyed') {
      const code = from === undefined ? 'notRegistered' : 'unreachable';
      socket.down(encodeSignal('error', { code, text: `${to} is not online`, to, request: type }));
    }
  }

  #broadcast<N extends SignalName>(name: N, value: SignalValue<N>): void {
    const json = encodeSignal(name, value);
    for (const socket of this.#byId.values()) socket.down(json);
  }
}

export class SimulatedSocket implements SignallingSocket {
  displayName: string | undefined;
  resume: string | undefined;
  /** The other end answers no ping: a keyed server may give its id away. */
  silent = false;
  /** False: send buffer full. */
  writable = true;

  readonly #server: SimulatedServer;
  readonly #handlers: SignallingHandlers;
  readonly #clock: Clock;
  readonly #worldClock: Clock;
  readonly #up: Pipe;
  readonly #down: Pipe;
  #state: 'connecting' | 'open' | 'over' = 'connecting';

  constructor(
    server: SimulatedServer,
    handlers: SignallingHandlers,
    parts: { clock: Clock; worldClock: Clock; random: SeededRandom },
  ) {
    this.#server = server;
    this.#handlers = handlers;
    this.#clock = parts.clock;
    this.#worldClock = parts.worldClock;
    this.#up = new Pipe(parts.random, () => server.weather);
    this.#down = new Pipe(parts.random, () => server.weather);
    parts.worldClock.after(server.weather.delayMs[0], () => {
      if (this.#state === 'connecting') server.connect(this);
    });
  }

  send<N extends SignalName>(name: N, value: SignalValue<N>): boolean {
    if (this.#state !== 'open' || !this.writable) return false;
    const json = encodeSignal(name, value);
    this.#up.carry(this.#worldClock, () => this.#server.arrived(this, json), this.#server.spared.includes(name));
    return true;
  }

  close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#worldClock.after(this.#server.weather.delayMs[0], () => this.#server.left(this));
  }

  /** A text of the server. */
  down(json: string): void {
    const checked = checkSignal(json);
    if ('error' in checked || signals[checked.name].direction === 'toServer') return;
    const signal = { name: checked.name, value: checked.value } as AnySignal;
    const hand = (): void => {
      if (this.#state === 'open') this.#handlers.signal(signal);
    };
    this.#down.carry(this.#clock, hand, this.#server.spared.includes(checked.name));
  }

  opened(plain: boolean): void {
    this.#clock.after(this.#server.weather.delayMs[0], () => {
      if (this.#state !== 'connecting') return;
      this.#state = 'open';
      this.#handlers.opened({ plain });
    });
  }

  end(code: ErrorCode, text: string, closeCode: number): void {
    this.#clock.after(this.#server.weather.delayMs[1], () => {
      if (this.#state === 'over') return;
      this.#state = 'over';
      this.#handlers.closed({ code, text, closeCode });
    });
  }
}

/** The door of one daemon to all servers. */
export class SimulatedSignalling implements Signalling {
  readonly sockets: SimulatedSocket[] = [];
  readonly #servers: ReadonlyMap<string, SimulatedServer>;
  readonly #parts: { clock: Clock; worldClock: Clock; random: SeededRandom };

  constructor(
    servers: ReadonlyMap<string, SimulatedServer>,
    parts: { clock: Clock; worldClock: Clock; random: SeededRandom },
  ) {
    this.#servers = servers;
    this.#parts = parts;
  }

  check(url: string): void {
    if (!/^wss?:\/\/[^/?#]/i.test(url) || !URL.canParse(url))
      throw new MosisError('invalidArgument', `${url} is no server`);
  }

  open(url: string, handlers: SignallingHandlers): SignallingSocket {
    this.check(url);
    const nowhere = new SimulatedServer({ ...this.#parts, url, kind: 'plain' });
    const server = this.#servers.get(url);
    if (!server) nowhere.goDown();
    const socket = new SimulatedSocket(server ?? nowhere, handlers, this.#parts);
    this.sockets.push(socket);
    return socket;
  }

  /** The daemon died: the servers see its sockets close. */
  kill(): void {
    for (const socket of this.sockets) socket.close();
  }
}
