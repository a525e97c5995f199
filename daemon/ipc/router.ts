// The one socket that games connect to. Moves whole messages to and from routing ids and tells when one goes; knows no message.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import process from 'node:process';
import { curveKeyPair, Router } from 'zeromq';
import { limits } from '../../proto/runtime/index.ts';
import type { Log } from '../core/ports.ts';
import { type Transport, ZapHandler, zapDomain } from './zap.ts';

export interface RouterHandlers {
  /** `bytes` is undefined when the message had not exactly one part. */
  message(routingId: Buffer, bytes: Buffer | undefined): void;
  /** The other end closed or died; nothing comes from this routing id any more. */
  disconnected(routingId: Buffer): void;
}

export interface RouterOptions {
  readonly transport: Transport;
  /** For ipc. */
  readonly socketFile: string;
  readonly ownUid: number;
  readonly log: Log;
}

/** `full`: the game does not read; try again later. `gone`: no such connection any more. */
export type SendOutcome = 'sent' | 'full' | 'gone';

/** Messages to one game inside libzmq; bytes are bounded by Connection. */
const sendHighWaterMark = 1000;
/**
 * Messages of one game that wait for us inside libzmq. It stops reading above it, heartbeats included, until half is left: with the
 * default of 1000 a slow disk makes each side take the other for dead within heartbeatTimeoutMs.
 */
const receiveHighWaterMark = 128;
const heartbeatIntervalMs = 1000;
const heartbeatTimeoutMs = 3000;
/** A stranger who connects and says nothing is dropped. */
const handshakeLimitMs = 5000;
/** What goodbye may take on its way out. */
const closeLingerMs = 500;
/** ZMQ_DISCONNECT_MSG, draft in libzmq 4.3.5: delivered as if the game had sent it when its connection ends. */
const disconnectMessageOption = 111;

class ControlSocket extends Router {
  set disconnectMessage(value: Buffer) {
    this.setStringOption(disconnectMessageOption, value);
  }
}

export class ControlRouter {
  readonly endpoint: string;
  /** Z85; only on tcp. */
  readonly curveServerKey: string | undefined;
  readonly #socket: ControlSocket;
  readonly #zap: ZapHandler;
  readonly #log: Log;
  readonly #disconnectMessage: Buffer;
  readonly #socketFile: string | undefined;

  private constructor(parts: {
    socket: ControlSocket;
    zap: ZapHandler;
    log: Log;
    disconnectMessage: Buffer;
    curveServerKey: string | undefined;
    socketFile: string | undefined;
  }) {
    this.#socket = parts.socket;
    this.#zap = parts.zap;
    this.#log = parts.log;
    this.#disconnectMessage = parts.disconnectMessage;
    this.curveServerKey = parts.curveServerKey;
    this.#socketFile = parts.socketFile;
    this.endpoint = parts.socket.lastEndpoint ?? '';
  }

  /** Binds. Nothing is read before `serve`. */
  static async open({ transport, socketFile, ownUid, log }: RouterOptions): Promise<ControlRouter> {
    const zap = new ZapHandler(transport, ownUid, log);
    await zap.open();
    const keys = transport === 'tcp' ? curveKeyPair() : undefined;
    const socket = new ControlSocket({
      mandatory: true,
      sendTimeout: 0,
      linger: 0,
      sendHighWaterMark,
      receiveHighWaterMark,
      maxMessageSize: limits.maxMessageBytes,
      heartbeatInterval: heartbeatIntervalMs,
      heartbeatTimeout: heartbeatTimeoutMs,
      handshakeInterval: handshakeLimitMs,
      zapDomain,
      ...(keys && { curveServer: true, curveSecretKey: keys.secretKey }),
    });
    // Random, so that no game says it by accident; one that did would only end its own session.
    const disconnectMessage = randomBytes(16);
    socket.disconnectMessage = disconnectMessage;
    // libzmq makes the socket file with whatever the umask leaves.
    const umask = process.umask(0o077);
    try {
      await socket.bind(transport === 'ipc' ? `ipc://${socketFile}` : 'tcp://127.0.0.1:*');
    } finally {
      process.umask(umask);
    }
    return new ControlRouter({
      ...{ socket, zap, log, disconnectMessage },
      curveServerKey: keys?.publicKey,
      socketFile: transport === 'ipc' ? socketFile : undefined,
    });
  }

  serve(handlers: RouterHandlers): void {
    this.#receive(handlers).catch((error) => {
      if (!this.#socket.closed) this.#log.error('the control socket failed', { error });
    });
  }

  async send(routingId: Buffer, bytes: Uint8Array): Promise<SendOutcome> {
    if (this.#socket.closed) return 'gone';
    try {
      await this.#socket.send([routingId, bytes]);
      return 'sent';
    } catch (error) {
      // EHOSTUNREACH, or the socket was closed meanwhile: either way nobody is there.
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 'full' : 'gone';
    }
  }

  close(): void {
    this.#socket.linger = closeLingerMs;
    this.#socket.close();
    this.#zap.close();
    // libzmq leaves the file behind.
    if (this.#socketFile) fs.rmSync(this.#socketFile, { force: true });
  }

  async #receive(handlers: RouterHandlers): Promise<void> {
    while (!this.#socket.closed) {
      const [routingId, bytes, ...more] = await this.#socket.receive();
      if (!routingId) continue;
      try {
        if (bytes && this.#disconnectMessage.equals(bytes)) handlers.disconnected(routingId);
        else handlers.message(routingId, more.length === 0 ? bytes : undefined);
      } catch (error) {
        // One game's message must not end the service for the others.
        this.#log.error('a message could not be handled', { error });
      }
    }
  }
}
