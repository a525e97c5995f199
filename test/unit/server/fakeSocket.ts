// A socket of the switchboard that records what the server does to it.
import type { Client, Socket } from '../../../server/signalling/client.ts';
import type { Switchboard } from '../../../server/signalling/switchboard.ts';

export type Sent = Readonly<Record<string, unknown>>;

export class FakeSocket implements Socket {
  bufferedAmount = 0;
  pings = 0;
  paused = false;
  terminated = false;
  closedWith: number | undefined;
  #sent: Sent[] = [];
  readonly #switchboard: Switchboard;
  readonly #client: Client;

  constructor(switchboard: Switchboard, path: string, extended: boolean) {
    this.#switchboard = switchboard;
    this.#client = switchboard.opened(this, path, extended);
  }

  // What the other side does

  says(message: object | string): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.#switchboard.received(this.#client, text, Buffer.byteLength(text));
  }

  pongs(): void {
    this.#switchboard.controlled(this.#client);
  }

  leaves(): void {
    this.#switchboard.closed(this.#client);
  }

  /** What was sent to it since the last call. */
  takeAll(): Sent[] {
    return this.#sent.splice(0);
  }

  // What the server does

  send(json: string): void {
    this.#sent.push(JSON.parse(json));
  }

  ping(): void {
    this.pings += 1;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  close(code: number): void {
    this.closedWith ??= code;
  }

  terminate(): void {
    this.terminated = true;
  }
}
