// The sent messages of one line to one peer: from disk into the channel in order, until the peer confirms or time is up.
import { encodePeer, encodePlainText } from '../../../proto/runtime/index.ts';
import { type ErrorCode, MosisError, tolerated } from '../errors.ts';
import type { EventLog } from '../event/eventLog.ts';
import { hex } from '../hex.ts';
import type { Ending, PeerConnection } from '../peer/peerConnection.ts';
import type { CancelTimer, Clock, JournalEntry, Log, OutboxMessage, Store } from '../ports.ts';
import { type MessageEventName, stepMessage } from './messageMachine.ts';

/** Unconfirmed messages in the channel at once. */
export const windowMessages = 64;
/** Messages to one peer on disk that nobody settled yet; beyond that message.send says queueFull. */
export const outboxLimit = 4096;
/** Without any progress for this long the messages of this peer fail. */
export const unreachableLimitMs = 20_000;
/** The same while the server says that the peer is offline: long enough for its daemon to be restarted. */
export const offlineLimitMs = 5_000;
/** A peer that confirms nothing for this long gets a new connection beside the old one. */
export const confirmLimitMs = 3_000;

export interface OutgoingOwner {
  readonly lineId: number;
  readonly peerId: string;
  /** Why a message cannot go out right now, for the failure text. */
  obstacle(): Ending;
  /** Since when the peer is known to be offline, monotonic ms; undefined: it is not. */
  readonly offlineSinceMs: number | undefined;
  /** The peer confirms nothing on the current connection. */
  unresponsive(): void;
}

export interface OutgoingTools {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly events: EventLog;
}

export class Outgoing {
  readonly #tools: OutgoingTools;
  readonly #owner: OutgoingOwner;
  readonly #inFlight = new Map<string, number>();
  #connection: PeerConnection | undefined;
  #lastSentId = 0;
  #outstanding: number;
  /** When something was last settled, or the first message began to wait; monotonic ms. */
  #waitingSinceMs = 0;
  #cancelGiveUp: CancelTimer | undefined;
  #cancelConfirm: CancelTimer | undefined;

  /** Throws MosisError('storeFailed'). */
  constructor(tools: OutgoingTools, owner: OutgoingOwner) {
    this.#tools = tools;
    this.#owner = owner;
    this.#outstanding = tools.store.outbox(owner.lineId, { peerId: owner.peerId, limit: outboxLimit }).length;
    this.#waitAnew();
  }

  /** Accepted and neither delivered nor failed. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** A message was accepted to disk. */
  accepted(): void {
    this.#outstanding += 1;
    if (!this.#cancelGiveUp) this.#waitAnew();
    this.flush();
  }

  /** This connection carries the messages from now on; what was not confirmed is sent again. */
  connected(connection: PeerConnection): void {
    this.#connection = connection;
    this.#inFlight.clear();
    this.#lastSentId = 0;
    this.#stopConfirmTimer();
    this.flush();
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#stopConfirmTimer();
  }

  /** The server changed its mind about whether the peer is there. */
  presenceChanged(): void {
    if (this.#cancelGiveUp) this.#watch();
  }

  flush(): void {
    const connection = this.#connection;
    if (!connection) return;
    const { store, log } = this.#tools;
    const { lineId, peerId } = this.#owner;
    while (this.#inFlight.size < windowMessages) {
      const page = { peerId, afterId: this.#lastSentId, limit: windowMessages - this.#inFlight.size };
      const batch = tolerated(log, 'messages could not be read', () => store.outbox(lineId, page)) ?? [];
      for (const message of batch) if (!this.#sendOne(connection, message)) return;
      if (batch.length < page.limit) break;
    }
  }

  confirmed(uuids: readonly Uint8Array[]): void {
    const settled = uuids.filter((uuid) => this.#confirmOne(uuid));
    // A peer that confirms what it never got, or twice, gains no time by it.
    if (settled.length > 0) this.#progressed();
    this.flush();
  }

  /** Nothing to this peer can succeed: all that is outstanding fails now. */
  failAll(why: Ending): void {
    const { store, log } = this.#tools;
    const { lineId, peerId } = this.#owner;
    const page = { peerId, limit: outboxLimit };
    const waiting = tolerated(log, 'messages could not be read', () => store.outbox(lineId, page)) ?? [];
    for (const { messageId } of waiting) this.#settle(messageId, 'givenUp', why);
    this.#inFlight.clear();
    log.warn('messages given up', { peer: peerId, code: why.code });
    this.#progressed();
  }

  stop(): void {
    this.disconnected();
    this.#stopGiveUpTimer();
  }

  /** False: the channel takes no more for now. */
  #sendOne(connection: PeerConnection, message: OutboxMessage): boolean {
    const { messageId, uuid, text, sentAt } = message;
    try {
      const data = connection.plain ? encodePlainText(text) : encodePeer('peerText', { uuid, text, sentAt });
      if (!connection.send(data)) return false;
    } catch (error) {
      if (!(error instanceof MosisError)) throw error;
      // More than the peer takes in one piece: this message can never go, and must not hold up the others.
      this.#settle(messageId, 'givenUp', { code: error.code, text: error.message });
      this.#lastSentId = messageId;
      this.#progressed();
      return true;
    }
    this.#lastSentId = messageId;
    if (connection.plain) {
      this.#settle(messageId, 'handedOver');
      this.#progressed();
    } else {
      this.#inFlight.set(hex(uuid), messageId);
      this.#expectConfirmation();
    }
    return true;
  }

  /** True when that settled a message. */
  #confirmOne(uuid: Uint8Array): boolean {
    const { store, log } = this.#tools;
    const { lineId, peerId } = this.#owner;
    const key = hex(uuid);
    const lookUp = () => store.outboxIdOf(lineId, peerId, uuid);
    const messageId = this.#inFlight.get(key) ?? tolerated(log, 'a message could not be looked up', lookUp) ?? null;
    if (messageId === null) return false;
    const settled = this.#settle(messageId, 'confirmed');
    // Where the disk failed it stays in flight: it is sent again on the next connection and confirmed again.
    if (settled !== undefined) this.#inFlight.delete(key);
    return settled === true;
  }

  /** False: it was settled before. Undefined: the disk failed, and it is not settled. */
  #settle(messageId: number, event: MessageEventName, why?: Ending): boolean | undefined {
    const state = stepMessage('accepted', event);
    if (state === undefined || state === 'accepted') return false;
    const { store, events, log } = this.#tools;
    const { lineId, peerId } = this.#owner;
    const failure: { reason?: ErrorCode; text?: string } = why ? { reason: why.code, text: why.text } : {};
    let entry: JournalEntry | undefined;
    const settled = tolerated(log, 'what became of a message could not be stored', () =>
      store.settleMessage(messageId, state, () => {
        entry = events.entry('message.changed', {
          ...{ messageId, peerId, state },
          confirmed: event === 'confirmed',
          ...failure,
        });
        return entry;
      }),
    );
    if (settled && entry) {
      this.#outstanding -= 1;
      events.published(lineId, entry);
    }
    return settled;
  }

  #progressed(): void {
    this.#stopConfirmTimer();
    if (this.#inFlight.size > 0) this.#expectConfirmation();
    this.#waitAnew();
  }

  #waitAnew(): void {
    this.#waitingSinceMs = this.#tools.clock.monotonic();
    if (this.#outstanding > 0) this.#watch();
    else this.#stopGiveUpTimer();
  }

  /** Presence may shorten the wait; however often it changes, it never lengthens it beyond the limit. */
  #watch(): void {
    const { clock } = this.#tools;
    const sinceMs = this.#waitingSinceMs;
    const { offlineSinceMs } = this.#owner;
    const unreachableMs = sinceMs + unreachableLimitMs;
    const deadlineMs =
      offlineSinceMs === undefined
        ? unreachableMs
        : Math.min(unreachableMs, Math.max(sinceMs, offlineSinceMs) + offlineLimitMs);
    this.#stopGiveUpTimer();
    this.#cancelGiveUp = clock.after(deadlineMs - clock.monotonic(), () => {
      this.#cancelGiveUp = undefined;
      this.failAll(this.#owner.obstacle());
    });
  }

  #expectConfirmation(): void {
    this.#cancelConfirm ??= this.#tools.clock.after(confirmLimitMs, () => {
      this.#cancelConfirm = undefined;
      this.#owner.unresponsive();
      // The new connection may fail, too.
      if (this.#connection && this.#inFlight.size > 0) this.#expectConfirmation();
    });
  }

  #stopGiveUpTimer(): void {
    this.#cancelGiveUp?.();
    this.#cancelGiveUp = undefined;
  }

  #stopConfirmTimer(): void {
    this.#cancelConfirm?.();
    this.#cancelConfirm = undefined;
  }
}
