// The one port: HTTP pages, the upgrade to WebSocket with its limits, and the wiring of sockets to the switchboard.
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { subprotocol } from '../../proto/schema/signalling/index.ts';
import { ConnectLimiter } from './limits.ts';
import { Metrics } from './metrics.ts';
import type { Settings } from './settings.ts';
import { Switchboard } from './switchboard.ts';

const tickMs = 100;
/** How long a socket may take to answer a close. */
const closeTimeoutMs = 2000;
const maxPathBytes = 512;

export interface SignallingServerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly settings: Settings;
  /** True behind a proxy: addresses for the connect limit come from the last entry of X-Forwarded-For. */
  readonly trustProxy: boolean;
}

export class SignallingServer {
  readonly metrics = new Metrics();
  readonly #options: SignallingServerOptions;
  readonly #switchboard: Switchboard;
  readonly #connects: ConnectLimiter;
  readonly #http: Server;
  readonly #webSockets: WebSocketServer;
  #ticker: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: SignallingServerOptions) {
    const { settings } = options;
    this.#options = options;
    this.#connects = new ConnectLimiter(settings.connectsPer10s);
    this.#switchboard = new Switchboard({
      settings,
      metrics: this.metrics,
      clock: () => performance.now(),
      newToken: () => randomBytes(16).toString('base64url'),
    });
    this.#webSockets = new WebSocketServer(webSocketOptions(settings));
    this.#http = createServer({
      maxHeaderSize: 8192,
      headersTimeout: 10_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 5000,
    });
    // A little above the sockets, so that the refused ones and the pages still get an answer.
    this.#http.maxConnections = settings.maxSockets + 128;
    this.#http.on('request', (request, response) => this.#page(request, response));
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Listens; resolves to the port. Rejects when it is taken or not permitted. */
  async start(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen({ host, port, backlog: 4096 }, () => {
        this.#http.off('error', reject);
        resolve();
      });
    });
    this.#ticker = setInterval(() => this.#switchboard.tick(), tickMs);
    return (this.#http.address() as AddressInfo).port;
  }

  /** Closes every socket with 1001, waits for the answers at most `closeTimeoutMs`, and stops listening. */
  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    clearInterval(this.#ticker);
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeIdleConnections();
    this.#switchboard.stop();
    const deadline = setTimeout(() => {
      this.#switchboard.terminate();
      this.#http.closeAllConnections();
    }, closeTimeoutMs);
    await closed;
    clearTimeout(deadline);
  }

  #page(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request);
    const reply = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', connection: 'close' });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') reply(405, 'text/plain', 'GET only\n');
    else if (path === '/health') reply(200, 'application/json', this.metrics.health(this.#switchboard.gauges()));
    else if (path === '/metrics')
      reply(200, 'text/plain; version=0.0.4', this.metrics.page(this.#switchboard.gauges()));
    else reply(426, 'text/plain', 'This is a Mosis signalling server: connect by WebSocket (ws:// or wss://).\n');
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until ws takes over, a reset would otherwise be an uncaught error.
    const ignore = (): void => {
      socket.destroy();
    };
    socket.on('error', ignore);
    const path = pathOf(request);
    if (this.#stopping) return refuse(socket, 503, 'the server is stopping');
    if (this.#switchboard.sockets >= this.#options.settings.maxSockets) {
      this.metrics.refused('maxSockets');
      return refuse(socket, 503, 'the server is full; try again later');
    }
    if (!this.#connects.allow(this.#addressOf(request), performance.now())) {
      this.metrics.refused('connectRate');
      return refuse(socket, 429, 'too many connects from this address; try again in 10 seconds');
    }
    if (Buffer.byteLength(path) > maxPathBytes) return refuse(socket, 414, `a room has at most ${maxPathBytes} bytes`);
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      socket.off('error', ignore);
      this.#attach(webSocket, path);
    });
  }

  #attach(webSocket: WebSocket, path: string): void {
    const client = this.#switchboard.opened(webSocket, path, webSocket.protocol === subprotocol);
    webSocket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = data as Buffer;
      // ws has checked text messages; JSON in a binary one is as good.
      const text = isBinary && !isUtf8(bytes) ? undefined : bytes.toString();
      this.#switchboard.received(client, text, bytes.length);
    });
    const controlled = (): void => this.#switchboard.controlled(client);
    webSocket.on('ping', controlled);
    webSocket.on('pong', controlled);
    webSocket.on('close', () => this.#switchboard.closed(client));
    webSocket.on('error', (error: Error & { code?: string }) => {
      // ws closes by itself, with the code that fits. Only its limits are ours to count.
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.metrics.refused('tooLarge');
      else if (error.code?.startsWith('WS_ERR_')) this.metrics.refused('badMessage');
    });
  }

  #addressOf(request: IncomingMessage): string {
    const forwarded = this.#options.trustProxy ? request.headers['x-forwarded-for'] : undefined;
    const last = forwarded?.toString().split(',').at(-1)?.trim();
    return last || (request.socket.remoteAddress ?? '');
  }
}

/** The room: the path without the query. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split(/[?#]/, 1)[0] || '/';

function webSocketOptions({ maxMessageBytes }: Settings) {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // Twice ours: a message a little too large is told so, a far too large one is cut off.
    maxPayload: 2 * maxMessageBytes,
    // Bounds on what a message may be made of, so that tiny pieces do not cost more memory than their bytes.
    maxFragments: 1024,
    maxBufferedChunks: 4096,
    closeTimeout: closeTimeoutMs,
    handleProtocols: (offered: Set<string>) => (offered.has(subprotocol) ? subprotocol : false),
  } as const;
}

function refuse(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  const retry = status === 429 || status === 503 ? 'Retry-After: 10\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n${retry}\r\n${body}`,
    () => socket.destroy(),
  );
}
