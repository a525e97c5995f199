// One WebSocket to a signalling server: dials, checks what comes, keeps it alive, and says once why it ended. Never redials later.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { checkSignal, encodeSignal, limits, ProtocolError } from '../../proto/runtime/index.ts';
import { signals, subprotocol } from '../../proto/schema/signalling/index.ts';
import { MosisError } from '../core/errors.ts';
import type {
  AnySignal,
  CancelTimer,
  Clock,
  Log,
  SignallingHandlers,
  SignallingSocket,
  SignalName,
  SignalValue,
} from '../core/ports.ts';
import { closeFailure, connectFailure, type Failure, httpFailure, printable } from './failure.ts';

export const connectLimitMs = 10_000;
export const pingMs = 15_000;
/** Pings in a row without anything heard. */
export const maxMissedPings = 2;
export const maxBufferedBytes = 1_048_576;
// A constant of its own: closeTimeout is newer than the types of `ws`.
const socketOptions = {
  perMessageDeflate: false,
  maxPayload: limits.maxSignalToClientBytes,
  closeTimeout: 2_000,
} as const;
const maxBodyBytes = 512;

/**
 * The plain messages come first although we like ours better. A server that knows nothing of subprotocols is often written with
 * `ws`, which then selects the first one offered: it so says `mosis.plain`, which is true. Ours selects mosis.v1. Other servers
 * select none, which `ws` as a client (and Chrome) takes for an error although RFC 6455 allows it: we dial again without.
 */
const offered = ['mosis.plain', subprotocol];

export interface SocketTools {
  readonly log: Log;
  readonly clock: Clock;
}

export class ClientSocket implements SignallingSocket {
  readonly #url: string;
  readonly #host: string;
  readonly #handlers: SignallingHandlers;
  readonly #tools: SocketTools;
  #webSocket: WebSocket;
  #over = false;
  #missedPings = 0;
  #cancelTimer: CancelTimer;
  readonly #dropped = { malformed: 0, unknown: 0 };

  constructor(url: URL, handlers: SignallingHandlers, tools: SocketTools) {
    this.#url = url.href;
    this.#host = url.host;
    this.#handlers = handlers;
    this.#tools = tools;
    this.#cancelTimer = tools.clock.after(connectLimitMs, () => {
      const text = `${this.#host} did not answer within ${connectLimitMs / 1000} s: check the URL and the network.`;
      this.#end({ code: 'serverUnreachable', text }, 1006);
    });
    this.#webSocket = this.#dial(offered);
  }

  send<N extends SignalName>(name: N, value: SignalValue<N>): boolean {
    if (this.#over || this.#webSocket.readyState !== WebSocket.OPEN) return false;
    if (this.#webSocket.bufferedAmount > maxBufferedBytes) return false;
    let json: string;
    try {
      json = encodeSignal(name, value);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new MosisError('invalidArgument', `The signal ${name} cannot be sent: ${error.message}`, error);
    }
    this.#webSocket.send(json);
    return true;
  }

  close(): void {
    if (this.#over) return;
    this.#finish();
    this.#webSocket.close(1000);
  }

  #dial(protocols: string[]): WebSocket {
    const webSocket = new WebSocket(this.#url, protocols, socketOptions);
    const current = (): boolean => !this.#over && this.#webSocket === webSocket;
    let refusedSubprotocols = false;
    webSocket.on('upgrade', (response) => {
      refusedSubprotocols =
        protocols.length > 0 && !protocols.includes(response.headers['sec-websocket-protocol'] ?? '');
    });
    webSocket.on('unexpected-response', (request, response) => {
      const end = (body: string): void => {
        request.destroy();
        if (current()) this.#answered(response.statusCode ?? 0, body, protocols);
      };
      beginningOf(response, end);
    });
    webSocket.on('open', () => {
      if (current()) this.#opened(webSocket);
    });
    webSocket.on('message', (data, isBinary) => {
      // Left alone, `ws` gives whole Buffers.
      if (current()) this.#received(data as Buffer, isBinary);
    });
    webSocket.on('pong', () => {
      this.#missedPings = 0;
    });
    // Both come after a failed handshake; after `open` an error is always followed by its close code.
    webSocket.on('error', (error) => {
      if (!current() || webSocket.readyState === WebSocket.OPEN) return;
      if (refusedSubprotocols) this.#webSocket = this.#dial([]);
      else this.#failed(error);
    });
    webSocket.on('close', (code, reason) => {
      if (current()) this.#end(closeFailure(code, reason.toString(), this.#host), code);
    });
    return webSocket;
  }

  #answered(status: number, body: string, protocols: string[]): void {
    // Some servers refuse a handshake with subprotocols that they do not know.
    if (status === 400 && protocols.length > 0) this.#webSocket = this.#dial([]);
    else this.#end(httpFailure(status, body, this.#host), 1006);
  }

  #failed(error: Error & { code?: string }): void {
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      const text = `${this.#host} sent a message above ${limits.maxSignalToClientBytes} bytes.`;
      this.#end({ code: 'serverRefused', text }, 1009);
    } else if (error.code?.startsWith('WS_ERR_')) {
      const text = `${this.#host} does not speak WebSocket properly: ${printable(error.message)}`;
      this.#end({ code: 'serverRefused', text }, 1002);
    } else {
      this.#end(connectFailure(error, this.#host), 1006);
    }
  }

  #opened(webSocket: WebSocket): void {
    this.#cancelTimer();
    this.#scheduleEcho();
    this.#handlers.opened({ plain: webSocket.protocol !== subprotocol });
  }

  #scheduleEcho(): void {
    this.#cancelTimer = this.#tools.clock.after(pingMs, () => {
      if (this.#missedPings >= maxMissedPings) {
        const text = `${this.#host} has been silent for ${(pingMs * (maxMissedPings + 1)) / 1000} s; the network may have changed.`;
        this.#end({ code: 'serverUnreachable', text }, 1006);
        return;
      }
      this.#missedPings += 1;
      this.#webSocket.ping();
      this.#scheduleEcho();
    });
  }

  #received(bytes: Buffer, isBinary: boolean): void {
    this.#missedPings = 0;
    // Servers that forward what `ws` gave them make binary messages of texts: JSON in one is as good.
    if (isBinary && !isUtf8(bytes)) {
      this.#dropped.malformed += 1;
      return;
    }
    const checked = checkSignal(bytes.toString());
    if ('error' in checked) {
      if (checked.cause === 'unknownType') this.#dropped.unknown += 1;
      else this.#malformed(checked.error);
      return;
    }
    if (signals[checked.name].direction === 'toServer') {
      this.#dropped.unknown += 1;
      return;
    }
    this.#handlers.signal({ name: checked.name, value: checked.value } as AnySignal);
  }

  #malformed(reason: string): void {
    this.#dropped.malformed += 1;
    if (this.#dropped.malformed === 1) this.#tools.log.warn('Malformed message of the signalling server', { reason });
  }

  #end(failure: Failure, closeCode: number): void {
    if (this.#over) return;
    this.#finish();
    this.#webSocket.terminate();
    this.#handlers.closed({ ...failure, closeCode });
  }

  #finish(): void {
    this.#over = true;
    this.#cancelTimer();
    if (this.#dropped.malformed + this.#dropped.unknown > 0) {
      this.#tools.log.info('Dropped messages of the signalling server', { ...this.#dropped });
    }
  }
}

/** The beginning of an HTTP answer's body; the connect limit bounds the wait. */
function beginningOf(response: IncomingMessage, then: (body: string) => void): void {
  let body = '';
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    then(body);
  };
  response.on('data', (chunk: Buffer) => {
    body = (body + chunk.toString()).slice(0, maxBodyBytes);
    if (body.length === maxBodyBytes) tell();
  });
  response.on('end', tell);
  response.on('close', tell);
  response.on('error', tell);
}
