// A disk in memory: the port `Store` to the letter (test/unit/support holds it to the real one), with failures on demand.
// It outlives the phones that use it, as a disk does.
import { MosisError } from '../../../daemon/core/errors.ts';
import type { JournalEntry, JournalWrite, OutboxMessage, Store, StoredLine } from '../../../daemon/core/ports.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Accepted = Parameters<Store['acceptMessage']>[0];
type Received = Parameters<Store['receiveMessage']>[0];

interface StoredMessage extends OutboxMessage {
  readonly lineId: number;
  state: 'accepted' | 'delivered' | 'failed';
}

interface ReceivedMessage {
  readonly messageId: number;
  readonly lineId: number;
  readonly peerId: string;
  readonly text: string;
}

const keyOf = (...parts: readonly (string | number | Uint8Array)[]): string =>
  parts
    .map((part) => (part instanceof Uint8Array ? Buffer.from(part).toString('hex') : JSON.stringify(part)))
    .join(' ');

/** As large as the blocks of the real one: a restart leaves a gap. */
const sequenceBlock = 1000;

export class SimulatedStore implements Store {
  /** While true every read and write throws, as with a full or broken disk. */
  failing = false;
  /** Reads go on, writes throw: a full disk. */
  full = false;

  readonly #lines: (Writable<StoredLine> & { takenSequence: number })[] = [];
  readonly #sent = new Map<number, StoredMessage>();
  readonly #outbox = new Map<number, StoredMessage>();
  readonly #sentByUuid = new Map<string, number>();
  readonly #sentByKey = new Map<string, number>();
  readonly #received: ReceivedMessage[] = [];
  readonly #receivedByUuid = new Map<string, number>();
  /** By sequence number. */
  readonly #journal = new Map<number, JournalEntry & { lineId: number }>();
  readonly #pinned = new Map<string, Uint8Array>();
  #lastId = 0;
  #sequence = 0;

  /** What became of a sent message. */
  stateOf(messageId: number): StoredMessage['state'] | undefined {
    return this.#sent.get(messageId)?.state;
  }

  /** Every message received, in order. */
  get received(): readonly ReceivedMessage[] {
    return this.#received;
  }

  /** The daemon was killed: the rest of its block of sequence numbers is lost. */
  reopened(): void {
    this.#sequence = Math.ceil(this.#sequence / sequenceBlock) * sequenceBlock;
  }

  nextSequence(): number {
    if (this.#sequence % sequenceBlock === 0) this.#writing();
    this.#sequence += 1;
    return this.#sequence;
  }

  lastSequence(): number {
    return this.#sequence;
  }

  openLine({ server, phoneId, displayName }: { server: string; phoneId: string; displayName: string }): StoredLine {
    this.#reading();
    let line = this.#lines.find((one) => one.server === server && one.phoneId === phoneId);
    if (line === undefined || line.displayName !== displayName) this.#writing();
    if (line === undefined) {
      line = { lineId: this.#lines.length + 1, server, phoneId, displayName, resumeToken: null, takenSequence: 0 };
      this.#lines.push(line);
    }
    line.displayName = displayName;
    const { lineId, resumeToken } = line;
    return { lineId, server, phoneId, displayName, resumeToken };
  }

  setResumeToken(lineId: number, token: string | null): void {
    this.#writing();
    const line = this.#lines[lineId - 1];
    if (line) line.resumeToken = token;
  }

  acceptMessage({ lineId, peerId, text, uuid, sentAt, idempotencyKey }: Accepted): {
    messageId: number;
    duplicate: boolean;
  } {
    this.#writing();
    const key = idempotencyKey && keyOf(lineId, idempotencyKey);
    const earlier = key === null ? undefined : this.#sentByKey.get(key);
    if (earlier !== undefined) return { messageId: earlier, duplicate: true };
    const byUuid = keyOf(lineId, peerId, uuid);
    if (this.#sentByUuid.has(byUuid)) throw failure('the uuid is taken');
    const messageId = this.#nextId();
    const message: StoredMessage = { messageId, lineId, peerId, uuid, text, sentAt, state: 'accepted' };
    this.#sent.set(messageId, message);
    this.#outbox.set(messageId, message);
    this.#sentByUuid.set(byUuid, messageId);
    if (key !== null) this.#sentByKey.set(key, messageId);
    return { messageId, duplicate: false };
  }

  acceptedId(lineId: number, idempotencyKey: Uint8Array): number | null {
    this.#reading();
    return this.#sentByKey.get(keyOf(lineId, idempotencyKey)) ?? null;
  }

  outbox(lineId: number, options: { peerId?: string; afterId?: number; limit?: number } = {}): OutboxMessage[] {
    this.#reading();
    const { peerId, afterId = 0, limit = Number.POSITIVE_INFINITY } = options;
    const found: OutboxMessage[] = [];
    for (const message of this.#outbox.values()) {
      if (found.length >= limit) break;
      if (message.lineId !== lineId || message.messageId <= afterId) continue;
      if (peerId !== undefined && message.peerId !== peerId) continue;
      const { messageId, uuid, text, sentAt } = message;
      found.push({ messageId, peerId: message.peerId, uuid, text, sentAt });
    }
    return found;
  }

  outboxCount(): number {
    this.#reading();
    return this.#outbox.size;
  }

  settleMessage(messageId: number, state: 'delivered' | 'failed', makeEvent: () => JournalWrite): boolean {
    this.#writing();
    const message = this.#sent.get(messageId);
    if (message?.state !== 'accepted') return false;
    // What makeEvent throws undoes the whole.
    this.#append(message.lineId, makeEvent());
    message.state = state;
    this.#outbox.delete(messageId);
    return true;
  }

  outboxIdOf(lineId: number, peerId: string, uuid: Uint8Array): number | null {
    this.#reading();
    return this.#sentByUuid.get(keyOf(lineId, peerId, uuid)) ?? null;
  }

  receiveMessage(
    { lineId, peerId, uuid, text }: Received,
    makeEvent: (messageId: number) => JournalWrite,
  ): { messageId: number; duplicate: boolean } {
    this.#writing();
    const key = uuid && keyOf(lineId, peerId, uuid);
    const earlier = key === null ? undefined : this.#receivedByUuid.get(key);
    if (earlier !== undefined) return { messageId: earlier, duplicate: true };
    this.#append(lineId, makeEvent(this.#lastId + 1));
    const messageId = this.#nextId();
    this.#received.push({ messageId, lineId, peerId, text });
    if (key !== null) this.#receivedByUuid.set(key, messageId);
    return { messageId, duplicate: false };
  }

  journalAfter(lineId: number, after: number, limit: number): JournalEntry[] {
    this.#reading();
    return [...this.#journal.values()]
      .filter((entry) => entry.lineId === lineId && entry.sequence > after)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit)
      .map(({ sequence, name, bytes }) => ({ sequence, name, bytes }));
  }

  journalFloor(): number {
    this.#reading();
    return 0;
  }

  takenSequence(lineId: number): number {
    this.#reading();
    return this.#lines[lineId - 1]?.takenSequence ?? 0;
  }

  setTaken(lineId: number, sequence: number): void {
    this.#writing();
    const line = this.#lines[lineId - 1];
    if (line) line.takenSequence = Math.max(line.takenSequence, sequence);
  }

  pinnedKey(server: string, peerId: string): Uint8Array | null {
    this.#reading();
    return this.#pinned.get(keyOf(server, peerId)) ?? null;
  }

  pinKey(server: string, peerId: string, publicKey: Uint8Array): void {
    this.#writing();
    this.#pinned.set(keyOf(server, peerId), publicKey);
  }

  isKnownPeer(lineId: number, peerId: string): boolean {
    this.#reading();
    const sent = [...this.#sent.values()].filter((message) => message.state === 'delivered');
    return [...sent, ...this.#received].some((message) => message.lineId === lineId && message.peerId === peerId);
  }

  close(): void {
    this.failing = true;
  }

  #append(lineId: number, { sequence, name, bytes }: JournalWrite): void {
    if (this.#journal.has(sequence)) throw failure(`the sequence number ${sequence} is taken`);
    this.#journal.set(sequence, { sequence, name, bytes, lineId });
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #reading(): void {
    if (this.failing) throw failure('the disk does not answer');
  }

  #writing(): void {
    this.#reading();
    if (this.full) throw failure('the disk is full');
  }
}

function failure(why: string): MosisError {
  return new MosisError('storeFailed', `The simulated disk failed: ${why}`);
}
