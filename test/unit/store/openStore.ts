// A store in a folder of its own, opened again at will, and what its log said.
import path from 'node:path';
import type { EventName, JournalEntry } from '../../../daemon/core/ports.ts';
import type { JournalLimits } from '../../../daemon/store/journal.ts';
import { openStore, type ProfileStore } from '../../../daemon/store/store.ts';

export const time = 1_795_500_000_000;

export class StoreOnDisk {
  readonly file: string;
  readonly logged: string[] = [];
  readonly #limits: JournalLimits | undefined;
  store: ProfileStore;

  constructor(folder: string, journalLimits?: JournalLimits) {
    this.file = path.join(folder, 'phone.db');
    this.#limits = journalLimits;
    this.store = this.#open();
  }

  reopen(): ProfileStore {
    this.store.close();
    return this.openAgain();
  }

  openAgain(): ProfileStore {
    this.store = this.#open();
    return this.store;
  }

  #open(): ProfileStore {
    const note = (message: string, fields?: object) => this.logged.push(`${message} ${JSON.stringify(fields)}`);
    return openStore({
      file: this.file,
      now: () => time,
      log: { error: note, warn: note, info: note, debug: note },
      ...(this.#limits && { journalLimits: this.#limits }),
    });
  }

  line(phoneId = 'ada'): number {
    return this.store.openLine({ server: 'ws://s', phoneId, displayName: phoneId }).lineId;
  }

  /** An event of this store, numbered. */
  event(name: EventName = 'message.received', bytes = 'event'): JournalEntry {
    return { sequence: this.store.nextSequence(), name, bytes: new TextEncoder().encode(bytes) };
  }

  accept(lineId: number, text: string, options: { peerId?: string; key?: Uint8Array; uuid?: Uint8Array } = {}) {
    const { peerId = 'bob', key = null, uuid = crypto.getRandomValues(new Uint8Array(16)) } = options;
    return this.store.acceptMessage({ lineId, peerId, text, uuid, sentAt: time, idempotencyKey: key });
  }

  receive(lineId: number, text: string, uuid: Uint8Array | null = crypto.getRandomValues(new Uint8Array(16))) {
    const message = { lineId, peerId: 'bob', uuid, text, sentAt: time, receivedAt: time + 1 };
    return this.store.receiveMessage(message, (id) => this.event('message.received', `${id}:${text}`));
  }
}
