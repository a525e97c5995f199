// The disk behind the port `Store`: one SQLite file per profile. Nothing else of the daemon touches it.
import { MosisError } from '../core/errors.ts';
import type { Log, Store } from '../core/ports.ts';
import type { KeyStore } from '../platform/identity.ts';
import { openOrReplace } from './damaged.ts';
import { Journal, type JournalLimits } from './journal.ts';
import { Keys } from './keys.ts';
import { Lines } from './lines.ts';
import { Messages } from './messages.ts';
import { Sequence } from './sequence.ts';

export interface StoreOptions {
  /** Path of phone.db; its folder exists and is private. */
  readonly file: string;
  readonly log: Log;
  /** Unix time in ms. */
  readonly now: () => number;
  /** For tests. */
  readonly journalLimits?: JournalLimits;
}

/** The store of a profile, its key included. */
export type ProfileStore = Store & KeyStore;

/** Opens or makes the database. Throws MosisError('storeFailed') when the file cannot be used; a damaged one is set aside. */
export function openStore({ file, log, now, journalLimits }: StoreOptions): ProfileStore {
  const database = openFile(file, log, now);
  const sequence = new Sequence(database);
  const lines = new Lines(database);
  const journal = new Journal(database, journalLimits);
  const messages = new Messages(database, journal);
  const keys = new Keys(database);
  return {
    nextSequence: () => database.read('The sequence number', () => sequence.next()),
    lastSequence: () => sequence.last,
    openLine: ({ server, phoneId, displayName }) => lines.open(server, phoneId, displayName),
    setResumeToken: (lineId, token) => lines.setResumeToken(lineId, token),
    acceptMessage: (message) => messages.accept(message),
    acceptedId: (lineId, idempotencyKey) => messages.acceptedId(lineId, idempotencyKey),
    outbox: (lineId, options) => messages.outbox(lineId, options),
    outboxCount: () => messages.outboxCount(),
    settleMessage: (messageId, state, makeEvent) => messages.settle(messageId, state, makeEvent),
    outboxIdOf: (lineId, peerId, uuid) => messages.sentIdOf(lineId, peerId, uuid),
    receiveMessage: (message, makeEvent) => messages.receive(message, makeEvent),
    journalAfter: (lineId, after, limit) => journal.after(lineId, after, limit),
    journalFloor: (lineId) => journal.floor(lineId),
    takenSequence: (lineId) => lines.taken(lineId),
    setTaken: (lineId, taken) => lines.setTaken(lineId, taken),
    pinnedKey: (server, peerId) => keys.pinned(server, peerId),
    pinKey: (server, peerId, publicKey) => keys.pin(server, peerId, publicKey),
    isKnownPeer: (lineId, peerId) => messages.isKnownPeer(lineId, peerId),
    profileKey: () => keys.profileKey(),
    saveProfileKey: (seed) => keys.saveProfileKey(seed),
    close: () => database.close(),
  };
}

function openFile(file: string, log: Log, now: () => number): ReturnType<typeof openOrReplace> {
  try {
    return openOrReplace(file, now, log);
  } catch (error) {
    if (error instanceof MosisError) throw error;
    throw new MosisError(
      'storeFailed',
      `${file} cannot be opened (${(error as Error).message}): check free space and rights of its folder.`,
      error,
    );
  }
}
