// Who is registered where. A room is a URL path; nobody sees or reaches anybody outside the own one.
import type { Client } from './client.ts';

export class Room {
  readonly path: string;
  readonly #clients = new Map<string, Client>();

  constructor(path: string) {
    this.path = path;
  }

  get size(): number {
    return this.#clients.size;
  }

  find(id: string): Client | undefined {
    return this.#clients.get(id);
  }

  /** Puts the client under the id, in place of whoever had it. */
  set(id: string, client: Client): void {
    this.#clients.set(id, client);
  }

  /** Takes the id out if this client still has it: after a takeover it does not. */
  remove(id: string, client: Client): boolean {
    return this.#clients.get(id) === client && this.#clients.delete(id);
  }

  clients(): IterableIterator<Client> {
    return this.#clients.values();
  }
}

/** The rooms that hold somebody. */
export class Rooms {
  readonly #rooms = new Map<string, Room>();

  get size(): number {
    return this.#rooms.size;
  }

  get registered(): number {
    let sum = 0;
    for (const room of this.#rooms.values()) sum += room.size;
    return sum;
  }

  find(path: string): Room | undefined {
    return this.#rooms.get(path);
  }

  findOrMake(path: string): Room {
    let room = this.#rooms.get(path);
    if (!room) {
      room = new Room(path);
      this.#rooms.set(path, room);
    }
    return room;
  }

  /** Forgets the room if nobody is left in it. */
  tidy(room: Room): void {
    if (room.size === 0) this.#rooms.delete(room.path);
  }
}
