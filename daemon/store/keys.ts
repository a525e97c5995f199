// Keys: the profile's own, and those pinned for peers.
import type { StatementSync } from 'node:sqlite';
import type { KeyStore } from '../platform/identity.ts';
import type { Database } from './database.ts';

export class Keys implements KeyStore {
  readonly #database: Database;
  readonly #pinned: StatementSync;
  readonly #pin: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#pinned = database.prepare('SELECT publicKey FROM pinnedKeys WHERE server = ? AND peerId = ?');
    this.#pin = database.prepare(
      'INSERT INTO pinnedKeys (server, peerId, publicKey) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET publicKey = excluded.publicKey',
    );
  }

  profileKey(): Uint8Array | null {
    const row = this.#database.read('The key', () => this.#database.prepare('SELECT seed FROM profileKey').get());
    return (row?.seed as Uint8Array | undefined) ?? null;
  }

  saveProfileKey(seed: Uint8Array): void {
    this.#database.write('The key', () =>
      this.#database.prepare('INSERT INTO profileKey (one, seed) VALUES (1, ?)').run(seed),
    );
  }

  pinned(server: string, peerId: string): Uint8Array | null {
    const row = this.#database.read('The pinned key', () => this.#pinned.get(server, peerId));
    return (row?.publicKey as Uint8Array | undefined) ?? null;
  }

  pin(server: string, peerId: string, publicKey: Uint8Array): void {
    this.#database.write('The pinned key', () => this.#pin.run(server, peerId, publicKey));
  }
}
