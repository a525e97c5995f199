// The control process's side of one connection: hands commands to the child and keeps the books of what waits to be sent.
import { MosisError } from '../core/errors.ts';
import type { Connection, ConnectionHandlers, ConnectionStatistics } from '../core/ports.ts';
import {
  countedBytes,
  type FromMedia,
  lowMarkBytes,
  maxMessageBytes,
  progressStepBytes,
  sendBufferBytes,
  type ToMedia,
} from '../mediaChannel/channel.ts';

export interface HostConnectionOwner {
  command(message: ToMedia): void;
  /** Asks the child; rejects with MosisError. */
  statistics(connection: number): Promise<ConnectionStatistics>;
  /** The connection has ended on either side. */
  forget(connection: number): void;
}

type ConnectionMessage = Extract<FromMedia, { connection: number }>;

export class HostConnection implements Connection {
  readonly id: number;
  /** True once the child was told of it. */
  handedOver = false;
  readonly #handlers: ConnectionHandlers;
  readonly #owner: HostConnectionOwner;
  #ended = false;
  #open = false;
  #maxMessageBytes = maxMessageBytes;
  #sentBytes = 0;
  #takenBytes = 0;
  #bufferedBytes = 0;
  /** Went above the low mark: `drained` is owed. */
  #aboveLow = false;

  constructor(id: number, handlers: ConnectionHandlers, owner: HostConnectionOwner) {
    this.id = id;
    this.#handlers = handlers;
    this.#owner = owner;
  }

  get ended(): boolean {
    return this.#ended;
  }

  offer(): void {
    this.#command({ kind: 'offer', connection: this.id });
  }

  setRemoteDescription(type: 'offer' | 'answer', sdp: string): void {
    this.#command({ kind: 'remoteDescription', connection: this.id, type, sdp });
  }

  addRemoteCandidate(candidate: string, mid: string | undefined): void {
    this.#command({ kind: 'remoteCandidate', connection: this.id, candidate, mid });
  }

  /** Throws MosisError('tooLarge') above 256 KiB, or above what the peer said that it takes. */
  send(data: string | Uint8Array): boolean {
    if (this.#ended || !this.#open) return false;
    const size = countedBytes(data);
    // Most strings are plainly small enough; only the others are measured.
    if (size > this.#maxMessageBytes && Buffer.byteLength(data) > this.#maxMessageBytes) {
      throw new MosisError(
        'tooLarge',
        `A data channel message may have ${this.#maxMessageBytes} bytes; this one has more.`,
      );
    }
    if (this.#waitingBytes() > sendBufferBytes) {
      this.#aboveLow = true;
      return false;
    }
    this.#sentBytes += size;
    if (this.#waitingBytes() > lowMarkBytes) this.#aboveLow = true;
    this.#command({ kind: 'send', connection: this.id, data });
    return true;
  }

  async statistics(): Promise<ConnectionStatistics> {
    if (this.#ended) throw new MosisError('notFound', 'This connection has ended.');
    return this.#owner.statistics(this.id);
  }

  close(): void {
    if (this.#ended) return;
    this.#command({ kind: 'close', connection: this.id });
    this.#ended = true;
    this.#owner.forget(this.id);
  }

  /** A message of the child. */
  receive(message: ConnectionMessage): void {
    if (this.#ended) return;
    switch (message.kind) {
      case 'description':
        this.#handlers.description(message.type, message.sdp);
        return;
      case 'candidate':
        this.#handlers.candidate(message.candidate, message.mid);
        return;
      case 'channelOpened': {
        const { label, localFingerprint, remoteFingerprint } = message;
        this.#open = true;
        this.#maxMessageBytes = message.maxMessageBytes;
        this.#handlers.channelOpened({ label, localFingerprint, remoteFingerprint });
        return;
      }
      case 'message':
        this.#handlers.message(message.data);
        return;
      case 'progress':
        this.#progressed(message.takenBytes, message.bufferedBytes);
        return;
      case 'closed':
        this.end(message.code, message.text);
        return;
      default:
        message satisfies never;
    }
  }

  /** Ends it from the outside. */
  end(code: Parameters<ConnectionHandlers['closed']>[0]['code'], text: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#owner.forget(this.id);
    this.#handlers.closed({ code, text });
  }

  #command(message: ToMedia): void {
    if (!this.#ended) this.#owner.command(message);
  }

  #waitingBytes(): number {
    return this.#sentBytes - this.#takenBytes + this.#bufferedBytes;
  }

  #progressed(takenBytes: number, bufferedBytes: number): void {
    this.#takenBytes = takenBytes;
    this.#bufferedBytes = bufferedBytes;
    // The child keeps up to one step to itself, so the exact mark might never be reported.
    if (this.#aboveLow && this.#waitingBytes() <= lowMarkBytes + progressStepBytes) {
      this.#aboveLow = false;
      this.#handlers.drained();
    }
  }
}
