// The events of one session: live while the game keeps up, out of the journal while it does not. Holds numbers and sizes, never events.
import { eventCategories } from '../../proto/dsl.ts';
import { limits } from '../../proto/runtime/index.ts';
import { events } from '../../proto/schema/shim/index.ts';
import type { EventName, JournalEntry, Store } from '../core/ports.ts';

/** Bytes of untaken events in flight; a single event may exceed it. */
export const untakenLimitBytes = 4 * 1024 * 1024;
/** Journal entries read at once: at most 4 MiB of texts. */
const pageSize = 64;

export type StreamStore = Pick<Store, 'journalAfter' | 'journalFloor' | 'takenSequence' | 'setTaken' | 'lastSequence'>;

export interface EventStreamTools {
  readonly store: StreamStore;
  /** Takes an encoded event. */
  send(bytes: Uint8Array): void;
  /** Events that no journal keeps were dropped: the game needs a fresh snapshot. */
  resync(): void;
}

export interface StreamStart {
  readonly lineId: number;
  /** Bits of `eventCategories`. */
  readonly categories: number;
  /** Last event that the game took; undefined = what the line's games took last. */
  readonly since: number | undefined;
  /** What this session takes counts for the line. */
  readonly marksTaken: boolean;
}

/** `behind`: durable events wait in the journal, others are dropped and made good by a snapshot. */
type State = 'stopped' | 'live' | 'behind';

const isWanted = (name: EventName, categories: number): boolean =>
  (categories & eventCategories[events[name].category]) !== 0;
const durableCategories = Object.values(events)
  .filter(({ durable }) => durable)
  .reduce((bits, { category }) => bits | eventCategories[category], 0);

export class EventStream {
  readonly #tools: EventStreamTools;
  #state: State = 'stopped';
  #start: StreamStart = { lineId: 0, categories: 0, since: undefined, marksTaken: false };
  /** Everything up to here was sent or is not for this session. */
  #position = 0;
  #marked = 0;
  /** What the game had seen of this line before; it may still report that as taken. */
  #since = 0;
  #snapshotDue = false;
  readonly #untaken: { readonly sequence: number; readonly sizeBytes: number }[] = [];
  #untakenBytes = 0;

  constructor(tools: EventStreamTools) {
    this.#tools = tools;
  }

  /** Events sent and not taken. */
  get untaken(): number {
    return this.#untaken.length;
  }

  /**
   * Finds where to begin; nothing is sent before `pump`. False when events after `since` are lost or `since` is not of this
   * database: then what is left follows.
   */
  start(start: StreamStart): boolean {
    this.stop();
    const { lineId, since } = start;
    if (lineId === 0) return true;
    this.#start = start;
    this.#state = 'behind';
    this.#marked = this.#tools.store.takenSequence(lineId);
    const floor = this.#tools.store.journalFloor(lineId);
    const known = since === undefined || since <= this.#tools.store.lastSequence();
    this.#since = since !== undefined && known ? since : 0;
    const wanted = since !== undefined && known ? since : this.#marked;
    this.#position = Math.max(wanted, floor);
    return known && wanted >= floor;
  }

  stop(): void {
    this.#state = 'stopped';
    this.#untaken.length = 0;
    this.#untakenBytes = 0;
    this.#snapshotDue = false;
  }

  publish(lineId: number, entry: JournalEntry & { readonly durable: boolean }): void {
    if (this.#state === 'stopped' || lineId !== this.#start.lineId) return;
    if (!isWanted(entry.name, this.#start.categories)) return;
    if (this.#state === 'live' && this.#room > 0) return this.#send(entry);
    this.#state = 'behind';
    if (!entry.durable) this.#snapshotDue = true;
  }

  /** The game took everything up to and including `sequence`. */
  taken(sequence: number): void {
    if (this.#state === 'stopped') return;
    const last = this.#untaken.findIndex(({ sequence: sent }) => sent === sequence);
    // Numbers run over all lines: one that was not sent here belongs to the line that the game has left.
    if (last < 0 && sequence > this.#since) return;
    for (const { sizeBytes } of this.#untaken.splice(0, last + 1)) this.#untakenBytes -= sizeBytes;
    this.#mark(Math.min(sequence, this.#position));
    if (this.#untaken.length <= limits.maxUntakenEvents / 2 && this.#untakenBytes <= untakenLimitBytes / 2) this.pump();
  }

  /** Sends what the journal holds, as far as there is room; live afterwards when nothing is left. */
  pump(): void {
    if (this.#state !== 'behind') return;
    if (this.#snapshotDue) {
      this.#snapshotDue = false;
      this.#tools.resync();
    }
    const { lineId, categories } = this.#start;
    const journalled = (categories & durableCategories) !== 0;
    for (let room = this.#room; journalled && room > 0; room = this.#room) {
      const limit = Math.min(room, pageSize);
      const page = this.#tools.store.journalAfter(lineId, this.#position, limit);
      for (const entry of page) {
        if (this.#room === 0) return;
        if (isWanted(entry.name, categories)) this.#send(entry);
        this.#position = entry.sequence;
      }
      if (page.length < limit) break;
    }
    if (this.#room > 0) this.#state = 'live';
  }

  get #room(): number {
    if (this.#untakenBytes >= untakenLimitBytes) return 0;
    return limits.maxUntakenEvents - this.#untaken.length;
  }

  #send(entry: JournalEntry): void {
    this.#untaken.push({ sequence: entry.sequence, sizeBytes: entry.bytes.length });
    this.#untakenBytes += entry.bytes.length;
    this.#position = entry.sequence;
    this.#tools.send(entry.bytes);
  }

  #mark(sequence: number): void {
    const { lineId, categories, marksTaken } = this.#start;
    // A session that is shown no durable events takes none.
    if (!marksTaken || (categories & durableCategories) === 0 || sequence <= this.#marked) return;
    this.#marked = sequence;
    this.#tools.store.setTaken(lineId, sequence);
  }
}
