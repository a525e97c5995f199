// A signalling server whose operator is not to be trusted: passes on what a test makes of each signal. Shows everybody to everybody.
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { JsonLineProcess } from './jsonLineProcess.ts';
import type { Message } from './plainSocket.ts';

/** `send` passes a message on to a client. What is not sent is lost. */
export type Crook = (message: Message, send: (to: string, message: object) => void) => void;

const honest: Crook = (message, send) => send(String(message.to), message);

export class CrookedServer {
  crook: Crook = honest;
  readonly #server: WebSocketServer;
  readonly #clients = new Map<string, WebSocket>();

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => this.#connected(socket));
  }

  static async start(): Promise<CrookedServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    return new CrookedServer(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  behave(): void {
    this.crook = honest;
  }

  async stop(): Promise<void> {
    for (const socket of this.#clients.values()) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connected(socket: WebSocket): void {
    let id = '';
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      if (message.type === 'register') {
        id = String(message.id);
        for (const known of this.#clients.keys()) this.#send(socket, { type: 'peer_joined', id: known });
        this.#clients.set(id, socket);
        for (const client of this.#clients.values()) this.#send(client, { type: 'peer_joined', id });
      } else if (typeof message.to === 'string') {
        this.crook({ ...message, from: id }, (to, passed) => this.#send(this.#clients.get(to), passed));
      }
    });
  }

  #send(socket: WebSocket | undefined, message: object): void {
    socket?.send(JSON.stringify(message));
  }
}

/** Puts another certificate's fingerprint into each description. */
export const swapFingerprints: Crook = (message, send) => {
  const other = Array.from({ length: 32 }, () => 'AB').join(':');
  const { sdp } = message;
  const swapped =
    typeof sdp === 'string' ? { sdp: sdp.replace(/(a=fingerprint:sha-256 )[0-9A-F:]+/gi, `$1${other}`) } : {};
  send(String(message.to), { ...message, ...swapped });
};

/**
 * Stands between two phones with a connection of its own to each, both encrypted as they should be, and passes on what is said in them.
 * Begins with the next offer.
 */
export class ManInTheMiddle {
  /** Binary messages that were passed on. */
  passed = 0;
  readonly #sides = new Map<string, JsonLineProcess>();
  #opened = 0;
  readonly #open: Promise<void>;
  #resolveOpen: () => void = () => {};

  constructor() {
    this.#open = new Promise((resolve) => {
      this.#resolveOpen = resolve;
    });
  }

  /** Both phones have an open channel, to us. */
  get open(): Promise<void> {
    return this.#open;
  }

  readonly crook: Crook = (message, send) => {
    const { type, from, to, mosis, sdp, candidate, mid } = message as Record<string, string>;
    if (from === undefined || to === undefined) return;
    if (type === 'offer' && this.#sides.size === 0) {
      this.#face(from, to, mosis, send);
      this.#face(to, from, mosis, send);
      this.#sides.get(from)?.send({ do: 'description', type, sdp });
      this.#sides.get(to)?.send({ do: 'offer', label: 'chat' });
    } else if (type === 'answer') this.#sides.get(from)?.send({ do: 'description', type, sdp });
    else if (type === 'candidate') this.#sides.get(from)?.send({ do: 'candidate', candidate, mid });
  };

  async stop(): Promise<void> {
    await Promise.all([...this.#sides.values()].map((side) => side.stop()));
  }

  /** A connection to `phone`, in the name of `other`. */
  #face(phone: string, other: string, mosis: unknown, send: Parameters<Crook>[1]): void {
    const side = new JsonLineProcess('test/support/rawPeer.mjs');
    this.#sides.set(phone, side);
    side.tap = (event) => {
      const { type, sdp, candidate, mid, hex } = event;
      const common = { from: other, to: phone, mosis };
      if (event.event === 'description') send(phone, { ...common, type, sdp });
      else if (event.event === 'candidate') send(phone, { ...common, type: 'candidate', candidate, mid });
      else if (event.event === 'channel' && event.state === 'open') this.#channelOpened();
      else if (event.event === 'message') {
        this.passed += 1;
        this.#sides.get(other)?.send({ do: 'hex', label: 'chat', hex });
      }
    };
  }

  #channelOpened(): void {
    this.#opened += 1;
    if (this.#opened === 2) this.#resolveOpen();
  }
}
