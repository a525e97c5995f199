// The sent messages of one line to one peer: from disk into the channel in order, until the peer confirms or time is up.
import { encodePeer, encodePlainText } from '../../../proto/runtime/index.ts';
import type { ErrorCode } from '../errors.ts';
import type { EventLog } from '../event/eventLog.ts';
import type { Ending, PeerConnection } from '../peer/peerConnection.ts';
import type { CancelTimer, Clock, Log, OutboxMessage, Store } from '../ports.ts';
import { type MessageEventName, stepMessage } from './messageMachine.ts';

/** Unconfirmed messages in the channel at once. */
const windowMessages = 64;
/** Messages to one peer on disk that nobody settled yet; beyond that message.send says queueFull. */
export const outboxLimit = 4096;
/** Without any progress for this long the messages of this peer fail. */
export const unreachableLimitMs = 20_000;
/** The same while the server says that the peer is offline: long enough for its daemon to be restarted. */
export const offlineLimitMs = 5_000;
/** A peer that confirms nothing for this long gets a new connection beside the old one. */
export const confirmLimitMs = 3_000;

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export interface OutgoingOwner {
  readonly lineId: number;
  readonly peerId: string;
  /** Why a message cannot go out right now, for the failure text. */
  obstacle(): Ending;
  /** The peer is known to be offline. */
  readonly offline: boolean;
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
  #cancelGiveUp: CancelTimer | undefined;
  #cancelConfirm: CancelTimer | undefined;

  constructor(tools: OutgoingTools, owner: OutgoingOwner) {
    this.#tools = tools;
    this.#owner = owner;
    this.#outstanding = tools.store.outbox(owner.lineId, { peerId: owner.peerId, limit: outboxLimit }).length;
    if (this.#outstanding > 0) this.#watch();
  }

  /** Accepted and neither delivered nor failed. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** A message was accepted to disk. */
  accepted(): void {
    this.#outstanding += 1;
    if (!this.#cancelGiveUp) this.#watch();
    this.flush();
  }

  /** This connection carries the messages from now on; what was not confirmed is sent again. */
  connected(connection: PeerConnection): void {
    this.#connection = connection;
    this.#inFlight.clear();
    this.#lastSentId = 0;
    this.flush();
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#stopConfirmTimer();
  }

  /** The server changed its mind about whether the peer is there. */
  presenceChanged(): void {
    if (this.#outstanding > 0) this.#watch();
  }

  flush(): void {
    const connection = this.#connection;
    if (!connection) return;
    const { store } = this.#tools;
    while (this.#inFlight.size < windowMessages) {
      const limit = windowMessages - this.#inFlight.size;
      const { lineId, peerId } = this.#owner;
      const batch = store.outbox(lineId, { peerId, afterId: this.#lastSentId, limit });
      for (const message of batch) if (!this.#sendOne(connection, message)) return;
      if (batch.length < limit) break;
    }
  }

  confirmed(uuids: readonly Uint8Array[]): void {
    const { store } = this.#tools;
    const { lineId, peerId } = this.#owner;
    for (const uuid of uuids) {
      const key = hex(uuid);
      const messageId = this.#inFlight.get(key) ?? store.outboxIdOf(lineId, peerId, uuid);
      this.#inFlight.delete(key);
      if (messageId !== null) this.#settle(messageId, 'confirmed');
    }
    this.#progressed();
    this.flush();
  }

  /** Nothing to this peer can succeed: all that is outstanding fails now. */
  failAll(why: Ending): void {
    const { store, log } = this.#tools;
    const { lineId, peerId } = this.#owner;
    for (const { messageId } of store.outbox(lineId, { peerId, limit: outboxLimit })) {
      this.#settle(messageId, 'givenUp', why);
    }
    this.#inFlight.clear();
    log.warn('messages given up', { peer: peerId, code: why.code });
    this.#progressed();
  }

  stop(): void {
    this.#connection = undefined;
    this.#stopConfirmTimer();
    this.#cancelGiveUp?.();
    this.#cancelGiveUp = undefined;
  }

  #sendOne(connection: PeerConnection, message: OutboxMessage): boolean {
    const { messageId, uuid, text, sentAt } = message;
    if (connection.plain) {
      if (!connection.send(encodePlainText(text))) return false;
      this.#lastSentId = messageId;
      this.#settle(messageId, 'handedOver');
      this.#progressed();
      return true;
    }
    if (!connection.send(encodePeer('peerText', { uuid, text, sentAt }))) return false;
    this.#lastSentId = messageId;
    this.#inFlight.set(hex(uuid), messageId);
    this.#cancelConfirm ??= this.#tools.clock.after(confirmLimitMs, () => {
      this.#cancelConfirm = undefined;
      this.#owner.unresponsive();
    });
    return true;
  }

  #settle(messageId: number, event: MessageEventName, why?: Ending): void {
    const state = stepMessage('accepted', event);
    if (state === undefined || state === 'accepted') return;
    const { store, events } = this.#tools;
    const { lineId, peerId } = this.#owner;
    const failure: { reason?: ErrorCode; text?: string } = why ? { reason: why.code, text: why.text } : {};
    const entry = events.entry('message.changed', {
      messageId,
      peerId,
      state,
      confirmed: event === 'confirmed',
      ...failure,
    });
    if (!store.settleMessage(messageId, state, () => entry)) return;
    this.#outstanding -= 1;
    events.published(lineId, entry);
  }

  #progressed(): void {
    this.#stopConfirmTimer();
    if (this.#outstanding > 0) this.#watch();
    else {
      this.#cancelGiveUp?.();
      this.#cancelGiveUp = undefined;
    }
  }

  #watch(): void {
    this.#cancelGiveUp?.();
    const limitMs = this.#owner.offline ? offlineLimitMs : unreachableLimitMs;
    this.#cancelGiveUp = this.#tools.clock.after(limitMs, () => {
      this.#cancelGiveUp = undefined;
      this.failAll(this.#owner.obstacle());
    });
  }

  #stopConfirmTimer(): void {
    this.#cancelConfirm?.();
    this.#cancelConfirm = undefined;
  }
}
