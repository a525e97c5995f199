// The game's side of the shim wire for programs of ours in Node: one session, no reconnect, everything with a limit.
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { curveKeyPair, Dealer } from 'zeromq';
import {
  decodeResult,
  decodeShim,
  type EventIn,
  encodeLink,
  encodeRequest,
  type LinkIn,
  type LinkValue,
  type RequestParams,
  type RequestResult,
  type ResponseIn,
} from '../../proto/runtime/index.ts';
import type { RequestName } from '../../proto/schema/shim/index.ts';
import { protocolMax, protocolMin } from '../../proto/schema/shim/link.ts';
import { MosisError } from '../core/errors.ts';
import type { LineSettings } from '../core/ports.ts';

export interface ShimClientOptions {
  /** As in endpoint.json. */
  readonly endpoint: string;
  readonly curveServerKey?: string | undefined;
  readonly token: string;
  readonly app: string;
  /** Bits of `eventCategories`; default none. */
  readonly events?: number;
  readonly scopes?: readonly string[];
  readonly line?: LineSettings;
  onEvent?(event: EventIn): void;
  /** Once: the daemon said goodbye. */
  onGoodbye?(): void;
}

/** Without an answer for so long the daemon counts as dead. */
const answerLimitMs = 10_000;
const helloLimitMs = 3_000;

export class ShimClient {
  readonly #socket: Dealer;
  readonly #options: ShimClientOptions;
  readonly #requests = new Map<number, (response: ResponseIn) => void>();
  #lastRequestId = 0;
  #answerHello: (answer: LinkIn) => void = () => {};
  #answerPing: () => void = () => {};

  private constructor(options: ShimClientOptions) {
    this.#options = options;
    const keys = options.curveServerKey === undefined ? undefined : curveKeyPair();
    this.#socket = new Dealer({
      linger: 200,
      ...(keys && {
        curveServerKey: options.curveServerKey ?? null,
        curvePublicKey: keys.publicKey,
        curveSecretKey: keys.secretKey,
      }),
    });
  }

  /**
   * Connects and says hello. Throws MosisError with the daemon's refusal, or deadlineExceeded after 3 s; the socket is closed then.
   */
  static async open(options: ShimClientOptions): Promise<{ client: ShimClient; identified: LinkValue<'identified'> }> {
    const client = new ShimClient(options);
    try {
      client.#socket.connect(options.endpoint);
      client.#receive().catch(() => client.close());
      const answer = await client.#hello();
      if (answer.name === 'identified') return { client, identified: answer.value };
      if (answer.name === 'refused') throw new MosisError(answer.value.code, answer.value.text);
      throw new MosisError('malformed', `The daemon answered hello with ${answer.name}`);
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** Throws MosisError: the daemon's, or deadlineExceeded. */
  async request<N extends RequestName>(name: N, params: RequestParams<N>, key?: Uint8Array): Promise<RequestResult<N>> {
    this.#lastRequestId += 1;
    const requestId = this.#lastRequestId;
    const bytes = encodeRequest(requestId, name, params, { deadlineMs: answerLimitMs, idempotencyKey: key });
    const response = await within<ResponseIn>(answerLimitMs, `an answer to ${name}`, (resolve) => {
      this.#requests.set(requestId, resolve);
      this.#send(bytes);
    }).finally(() => this.#requests.delete(requestId));
    if (!response.ok) throw new MosisError(response.code, response.text);
    return decodeResult(name, response.packedResult);
  }

  /** Resolves to the time it took. Throws MosisError deadlineExceeded. */
  async ping(limitMs: number): Promise<number> {
    const began = performance.now();
    await within<void>(limitMs, 'an answer to a ping', (resolve) => {
      this.#answerPing = resolve;
      this.#send(encodeLink('ping', { nonce: 1 }));
    });
    return performance.now() - began;
  }

  taken(sequence: number): void {
    this.#send(encodeLink('taken', { sequence }));
  }

  /** Says goodbye and closes; what waits for an answer waits until its limit. */
  close(): void {
    if (this.#socket.closed) return;
    this.#send(encodeLink('goodbye', { reason: 'gameEnds' }));
    this.#socket.close();
  }

  #hello(): Promise<LinkIn> {
    const { token, app, events = 0, scopes, line } = this.#options;
    return within<LinkIn>(helloLimitMs, 'an answer to hello', (resolve) => {
      this.#answerHello = resolve;
      const hello = {
        ...{ protocolMin, protocolMax, token, app, events, pid: process.pid, sessionKey: randomBytes(16) },
        ...(scopes && { scopes: [...scopes] }),
        ...(line && { line }),
      };
      this.#send(encodeLink('hello', hello));
    });
  }

  #send(bytes: Uint8Array): void {
    // A daemon that takes nothing shows in the answer that does not come.
    this.#socket.send(bytes).catch(() => {});
  }

  async #receive(): Promise<void> {
    for await (const [bytes] of this.#socket) {
      if (bytes) this.#received(decodeShim(bytes));
    }
  }

  #received(message: ReturnType<typeof decodeShim>): void {
    switch (message.kind) {
      case 'response':
        return this.#requests.get(message.requestId)?.(message);
      case 'event':
        return this.#options.onEvent?.(message);
      case 'link':
        return this.#link(message);
      case 'request':
        return; // A daemon sends none.
    }
  }

  #link(message: LinkIn): void {
    if (message.name === 'ping') this.#send(encodeLink('pong', message.value));
    else if (message.name === 'pong') this.#answerPing();
    else if (message.name === 'goodbye') this.#options.onGoodbye?.();
    else this.#answerHello(message);
  }
}

/** A promise that `begin` settles, or that rejects after the limit. */
function within<T>(limitMs: number, what: string, begin: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const text = `The daemon did not give ${what} within ${limitMs} ms: is it stopped or overloaded?`;
    const timer = setTimeout(() => reject(new MosisError('deadlineExceeded', text)), limitMs);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
