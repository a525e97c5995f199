// Sent and received messages: accepted once, settled once, received once.
import type { StatementSync } from 'node:sqlite';
import type { JournalWrite, OutboxMessage, Store } from '../core/ports.ts';
import type { Database } from './database.ts';
import type { Journal } from './journal.ts';

type Accepted = Parameters<Store['acceptMessage']>[0];
type Received = Parameters<Store['receiveMessage']>[0];
interface StoredOnce {
  messageId: number;
  duplicate: boolean;
}

const largestId = Number.MAX_SAFE_INTEGER;

export class Messages {
  readonly #database: Database;
  readonly #journal: Journal;
  readonly #byKey: StatementSync;
  readonly #byUuid: StatementSync;
  readonly #accept: StatementSync;
  readonly #receive: StatementSync;
  readonly #settle: StatementSync;
  readonly #outboxOfLine: StatementSync;
  readonly #outboxOfPeer: StatementSync;
  readonly #outboxCount: StatementSync;
  readonly #exchanged: StatementSync;

  constructor(database: Database, journal: Journal) {
    this.#database = database;
    this.#journal = journal;
    const outbox = `SELECT messageId, peerId, uuid, text, sentAt FROM messages WHERE state = 'accepted' AND lineId = ?`;
    const page = 'AND messageId > ? ORDER BY messageId LIMIT ?';
    this.#byKey = database.prepare('SELECT messageId FROM messages WHERE lineId = ? AND idempotencyKey = ?');
    this.#byUuid = database.prepare(
      'SELECT messageId FROM messages WHERE lineId = ? AND peerId = ? AND received = ? AND uuid = ?',
    );
    this.#accept = database.prepare(`
      INSERT INTO messages (lineId, peerId, state, received, uuid, idempotencyKey, text, sentAt)
      VALUES (?, ?, 'accepted', 0, ?, ?, ?, ?) RETURNING messageId`);
    this.#receive = database.prepare(`
      INSERT INTO messages (lineId, peerId, state, received, uuid, text, sentAt, receivedAt)
      VALUES (?, ?, 'received', 1, ?, ?, ?, ?) RETURNING messageId`);
    this.#settle = database.prepare(
      "UPDATE messages SET state = ? WHERE messageId = ? AND state = 'accepted' RETURNING lineId",
    );
    this.#outboxOfLine = database.prepare(`${outbox} ${page}`);
    this.#outboxOfPeer = database.prepare(`${outbox} AND peerId = ? ${page}`);
    this.#outboxCount = database.prepare("SELECT count(*) AS messages FROM messages WHERE state = 'accepted'");
    this.#exchanged = database.prepare(
      "SELECT 1 FROM messages WHERE lineId = ? AND peerId = ? AND state IN ('received', 'delivered') LIMIT 1",
    );
  }

  accept({ lineId, peerId, uuid, idempotencyKey, text, sentAt }: Accepted): StoredOnce {
    return this.#database.write('The message', () => {
      const earlier = idempotencyKey && this.#byKey.get(lineId, idempotencyKey);
      if (earlier) return { messageId: earlier.messageId as number, duplicate: true };
      const made = this.#accept.get(lineId, peerId, uuid, idempotencyKey, text, sentAt);
      return { messageId: made?.messageId as number, duplicate: false };
    });
  }

  receive(message: Received, makeEvent: (messageId: number) => JournalWrite): StoredOnce {
    const { lineId, peerId, uuid, text, sentAt, receivedAt } = message;
    return this.#database.write('The received message', () => {
      const earlier = uuid && this.#byUuid.get(lineId, peerId, 1, uuid);
      if (earlier) return { messageId: earlier.messageId as number, duplicate: true };
      const made = this.#receive.get(lineId, peerId, uuid, text, sentAt, receivedAt);
      const messageId = made?.messageId as number;
      this.#journal.append(lineId, makeEvent(messageId));
      return { messageId, duplicate: false };
    });
  }

  /** After a power cut it may come undone: then the message is sent again, and the peer knows its uuid. */
  settle(messageId: number, state: 'delivered' | 'failed', makeEvent: () => JournalWrite): boolean {
    return this.#database.writeLazily('The message', () => {
      const settled = this.#settle.get(state, messageId);
      if (!settled) return false;
      this.#journal.append(settled.lineId as number, makeEvent());
      return true;
    });
  }

  outbox(lineId: number, options: { peerId?: string; afterId?: number; limit?: number } = {}): OutboxMessage[] {
    const { peerId, afterId = 0, limit = largestId } = options;
    return this.#database.read('The outbox', () => {
      const rows =
        peerId === undefined
          ? this.#outboxOfLine.all(lineId, afterId, limit)
          : this.#outboxOfPeer.all(lineId, peerId, afterId, limit);
      return rows as unknown as OutboxMessage[];
    });
  }

  acceptedId(lineId: number, idempotencyKey: Uint8Array): number | null {
    return this.#database.read(
      'The message',
      () => (this.#byKey.get(lineId, idempotencyKey)?.messageId as number | undefined) ?? null,
    );
  }

  outboxCount(): number {
    return this.#database.read('The outbox', () => this.#outboxCount.get()?.messages as number);
  }

  isKnownPeer(lineId: number, peerId: string): boolean {
    return this.#database.read('The messages', () => this.#exchanged.get(lineId, peerId) !== undefined);
  }

  sentIdOf(lineId: number, peerId: string, uuid: Uint8Array): number | null {
    return this.#database.read(
      'The outbox',
      () => (this.#byUuid.get(lineId, peerId, 0, uuid)?.messageId as number | undefined) ?? null,
    );
  }
}
