// A raw `ws` socket with an inbox. Knows nothing of the protocol but that messages are JSON objects with a type.
import { type ClientOptions, WebSocket } from 'ws';
import { Inbox } from './inbox.ts';

export type Message = Readonly<Record<string, unknown>>;

export class PlainSocket {
  readonly inbox = new Inbox<Message>();
  readonly ws: WebSocket;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  private constructor(ws: WebSocket) {
    this.ws = ws;
    ws.on('message', (data) => this.inbox.push(JSON.parse(String(data))));
    this.closed = new Promise((resolve) => {
      ws.once('close', (code, reason) => {
        this.inbox.end(`the socket closed with ${code}`);
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Rejects with `HTTP <status>` when the server answers the upgrade with something else. */
  static open(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<PlainSocket> {
    const ws = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
    const socket = new PlainSocket(ws);
    return new Promise((resolve, reject) => {
      ws.once('open', () => {
        // What goes wrong later shows in `closed`.
        ws.on('error', () => ws.terminate());
        resolve(socket);
      });
      ws.once('error', reject);
      ws.once('unexpected-response', (_request, response) => {
        response.resume();
        reject(new Error(`HTTP ${response.statusCode}`));
      });
    });
  }

  /** Opens and registers; resolves when the own peer_joined came back. */
  static async register(url: string, id: string, name?: string): Promise<PlainSocket> {
    const socket = await PlainSocket.open(url);
    socket.send(name === undefined ? { type: 'register', id } : { type: 'register', id, name });
    await socket.until('peer_joined', (message) => message.id === id);
    return socket;
  }

  send(message: object | string): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Takes the next message of this type out of those that came; waits for it when there is none. */
  until(type: string, matches: (message: Message) => boolean = () => true, limitMs = 10_000): Promise<Message> {
    return this.inbox.until((message) => message.type === type && matches(message), type, limitMs);
  }

  /** Resolves when everything that the server sent before now has been received. */
  async settled(): Promise<void> {
    const answered = new Promise<void>((resolve) => this.ws.once('pong', () => resolve()));
    this.ws.ping();
    await answered;
  }

  close(): void {
    this.ws.close();
  }
}
