// Received messages: to disk, to the games, and only then confirmed to the peer.
import { tolerated } from '../errors.ts';
import type { EventLog } from '../event/eventLog.ts';
import type { PeerConnection } from '../peer/peerConnection.ts';
import type { Clock, JournalEntry, Log, Store } from '../ports.ts';

export interface IncomingTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventLog;
}

export interface ReceivedText {
  /** Null: a plain peer, which gives none. */
  readonly uuid: Uint8Array | null;
  readonly text: string;
  readonly sentAt: number;
}

export class Incoming {
  readonly #tools: IncomingTools;
  readonly #toConfirm = new Map<PeerConnection, Uint8Array[]>();

  constructor(tools: IncomingTools) {
    this.#tools = tools;
  }

  received(lineId: number, peerId: string, connection: PeerConnection, message: ReceivedText): void {
    const { store, events, clock, log } = this.#tools;
    const receivedAt = clock.now();
    let entry: JournalEntry | undefined;
    const stored = tolerated(log, 'a received message could not be stored', () =>
      store.receiveMessage({ lineId, peerId, receivedAt, ...message }, (messageId) => {
        const { text, sentAt } = message;
        entry = events.entry('message.received', { messageId, peerId, text, sentAt, receivedAt });
        return entry;
      }),
    );
    if (!stored) {
      // The peer keeps it and sends it again, before all that follows it: had the connection gone on, the order would be lost.
      if (message.uuid) connection.fail({ code: 'storeFailed', text: `A message of ${peerId} could not be stored` });
      return;
    }
    if (entry) events.published(lineId, entry);
    if (message.uuid) this.#confirm(connection, message.uuid);
  }

  /** Confirmations of one turn of the event loop travel together. */
  #confirm(connection: PeerConnection, uuid: Uint8Array): void {
    const waiting = this.#toConfirm.get(connection);
    if (waiting) {
      waiting.push(uuid);
      if (waiting.length >= 256) this.#flush(connection);
      return;
    }
    this.#toConfirm.set(connection, [uuid]);
    this.#tools.clock.after(0, () => this.#flush(connection));
  }

  #flush(connection: PeerConnection): void {
    const uuids = this.#toConfirm.get(connection);
    this.#toConfirm.delete(connection);
    // A confirmation that does not get through is made up for when the peer sends the text again.
    if (uuids) connection.say('peerStored', { uuids });
  }
}
