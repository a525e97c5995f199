// Who may open a connection at all: the answerer of libzmq's authentication requests (ZAP, RFC 27). Decides by kernel facts, before any byte of ours.
import { Router } from 'zeromq';
import type { Log } from '../core/ports.ts';

/** Sockets with this domain ask us; libzmq finds us by the address that RFC 27 fixes. */
export const zapDomain = 'mosis';
const zapEndpoint = 'inproc://zeromq.zap.01';

export type Transport = 'ipc' | 'tcp';

export interface ZapRequest {
  readonly address: string;
  readonly mechanism: string;
}

/**
 * ipc: libzmq fills the address from SO_PEERCRED, `localhost:<uid>:<gid>:<pid>`; the uid must be ours.
 * tcp: loopback and CURVE, whose server key lies in a file of ours that nobody else can read.
 * Returns why not, or undefined.
 */
export function refusal({ address, mechanism }: ZapRequest, transport: Transport, ownUid: number): string | undefined {
  if (transport === 'ipc') {
    const uid = /^localhost:(\d+):/.exec(address)?.[1];
    return uid === String(ownUid) ? undefined : `uid ${uid ?? 'unknown'} is not the owner of this daemon`;
  }
  if (address !== '127.0.0.1') return 'not from this machine';
  return mechanism === 'CURVE' ? undefined : 'CURVE is required on tcp';
}

/** Serves until closed. One per process: the endpoint is fixed. */
export class ZapHandler {
  readonly #socket = new Router({ linger: 0 });
  readonly #transport: Transport;
  readonly #ownUid: number;
  readonly #log: Log;

  constructor(transport: Transport, ownUid: number, log: Log) {
    this.#transport = transport;
    this.#ownUid = ownUid;
    this.#log = log;
  }

  async open(): Promise<void> {
    await this.#socket.bind(zapEndpoint);
    this.#serve().catch((error) => {
      if (!this.#socket.closed) this.#log.error('no game can connect any more', { error });
    });
  }

  close(): void {
    this.#socket.close();
  }

  async #serve(): Promise<void> {
    while (!this.#socket.closed) {
      const [from, empty, version, requestId, , address, , mechanism] = await this.#socket.receive();
      if (!from || !empty || !version || !requestId) continue;
      const why = refusal({ address: String(address), mechanism: String(mechanism) }, this.#transport, this.#ownUid);
      if (why) this.#log.warn('connection refused', { why });
      const [status, text] = why ? ['400', why] : ['200', 'OK'];
      await this.#socket.send([from, empty, version, requestId, status, text, '', '']);
    }
  }
}
