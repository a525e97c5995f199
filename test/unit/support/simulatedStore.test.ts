// The simulated disk answers as the real one does: both get the same random calls.
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Store } from '../../../daemon/core/ports.ts';
import { SimulatedStore } from '../../support/simulation/store.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';
import { StoreOnDisk } from '../store/openStore.ts';

type Call = (store: Store) => unknown;

const newFolder = temporaryFolders();
const bytesOf = (number: number, size = 16) => new Uint8Array(size).fill(number);
const number = fc.integer({ min: 1, max: 4 });
const peerId = fc.constantFrom('ada', 'bob');
const lineId = fc.integer({ min: 1, max: 2 });
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Calls by name, with arguments that often meet. */
const calls: fc.Arbitrary<readonly [string, Call]> = fc.oneof(
  fc.tuple(fc.constantFrom('ada', 'bob'), fc.constantFrom('', 'Ada')).map(([phoneId, displayName]) => {
    const call: Call = (store) => store.openLine({ server: 'ws://s', phoneId, displayName });
    return [`openLine ${phoneId} ${displayName}`, call] as const;
  }),
  fc.record({ lineId, peerId, uuid: fc.nat(200), key: fc.option(number), text: fc.string() }).map((it) => {
    const { key, uuid, ...message } = it;
    const idempotencyKey = key === null ? null : bytesOf(key);
    const call: Call = (store) => store.acceptMessage({ ...message, uuid: bytesOf(uuid), sentAt: 5, idempotencyKey });
    return [`acceptMessage ${JSON.stringify(it)}`, call] as const;
  }),
  fc.record({ lineId, peerId, uuid: fc.option(number), text: fc.string() }).map((it) => {
    const message = { ...it, uuid: it.uuid === null ? null : bytesOf(it.uuid), sentAt: 5, receivedAt: 6 };
    const call: Call = (store) =>
      store.receiveMessage(message, (id) => ({
        ...{ sequence: store.nextSequence(), name: 'message.received', bytes: bytesOf(id) },
      }));
    return [`receiveMessage ${JSON.stringify(it)}`, call] as const;
  }),
  fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom('delivered' as const, 'failed' as const))
    .map(([id, state]) => {
      const call: Call = (store) =>
        store.settleMessage(id, state, () => ({
          sequence: store.nextSequence(),
          name: 'message.changed',
          bytes: bytesOf(id),
        }));
      return [`settleMessage ${id} ${state}`, call] as const;
    }),
  fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean()).map(([id, broken]) => {
    const call: Call = (store) =>
      store.settleMessage(id, 'failed', () => {
        if (broken) throw new RangeError('the event cannot be made');
        return { sequence: store.nextSequence(), name: 'message.changed', bytes: bytesOf(id) };
      });
    return [`settleMessage ${id} ${broken ? 'broken' : ''}`, call] as const;
  }),
  fc.record({ lineId, peerId: option(peerId), afterId: option(fc.nat(8)), limit: option(number) }).map((it) => {
    const options = Object.fromEntries(Object.entries(it).filter(([, value]) => value !== undefined));
    return [`outbox ${JSON.stringify(it)}`, ((store) => store.outbox(it.lineId, options)) as Call] as const;
  }),
  fc.record({ lineId, peerId, uuid: fc.nat(200) }).map((it) => {
    const call: Call = (store) => store.outboxIdOf(it.lineId, it.peerId, bytesOf(it.uuid));
    return [`outboxIdOf ${JSON.stringify(it)}`, call] as const;
  }),
  fc
    .tuple(lineId, number)
    .map(
      ([line, key]) =>
        [`acceptedId ${line} ${key}`, ((store) => store.acceptedId(line, bytesOf(key))) as Call] as const,
    ),
  fc.tuple(lineId, fc.nat(20), number).map(([line, after, limit]) => {
    return [`journalAfter ${line} ${after}`, ((store) => store.journalAfter(line, after, limit)) as Call] as const;
  }),
  fc.tuple(lineId, fc.nat(30)).map(([line, sequence]) => {
    return [`setTaken ${line} ${sequence}`, ((store) => store.setTaken(line, sequence)) as Call] as const;
  }),
  fc.tuple(peerId, number).map(([peer, key]) => {
    return [`pinKey ${peer}`, ((store) => store.pinKey('ws://s', peer, bytesOf(key, 32))) as Call] as const;
  }),
  fc.tuple(lineId, fc.option(fc.constant('token'))).map(([line, token]) => {
    return [`setResumeToken ${line}`, ((store) => store.setResumeToken(line, token)) as Call] as const;
  }),
);

/** What a game or core can see of a disk without changing it. */
function state(store: Store): unknown {
  return [
    ...[store.lastSequence(), store.outboxCount(), store.outbox(1), store.outbox(2)],
    ...[store.journalAfter(1, 0, 100), store.journalAfter(2, 0, 100), store.journalFloor(1)],
    ...[store.takenSequence(1), store.takenSequence(2)],
    ...['ada', 'bob'].map((peer) => [store.pinnedKey('ws://s', peer), store.isKnownPeer(1, peer)]),
  ];
}

/** Bytes as hex: SQLite gives Uint8Arrays of its own. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part,
  ) ?? '';

function outcome(call: Call, store: Store): string {
  try {
    return plain(call(store));
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name;
  }
}

describe('simulated store', () => {
  it('answers every call as the real one does', () => {
    fc.assert(
      fc.property(fc.array(calls, { minLength: 20, maxLength: 60 }), (run) => {
        const real = new StoreOnDisk(newFolder()).store;
        const simulated = new SimulatedStore();
        for (const store of [real, simulated]) {
          for (const phoneId of ['ada', 'bob']) store.openLine({ server: 'ws://s', phoneId, displayName: '' });
        }
        for (const [name, call] of run) {
          expect([name, outcome(call, simulated)]).toEqual([name, outcome(call, real)]);
        }
        expect(plain(state(simulated))).toBe(plain(state(real)));
        real.close();
      }),
      { seed: 11, numRuns: 25 },
    );
  });

  it('starts a new block of sequence numbers when it is opened again, as the real one does', () => {
    const disk = new StoreOnDisk(newFolder());
    const simulated = new SimulatedStore();
    expect([disk.store.nextSequence(), simulated.nextSequence()]).toEqual([1, 1]);
    simulated.reopened();
    expect(simulated.nextSequence()).toBe(disk.reopen().nextSequence());
  });

  it('does nothing by halves when it fails', () => {
    const store = new SimulatedStore();
    const { lineId: line } = store.openLine({ server: 'ws://s', phoneId: 'ada', displayName: '' });
    store.full = true;
    const message = { lineId: line, peerId: 'bob', text: 'x', uuid: bytesOf(1), sentAt: 1, idempotencyKey: null };
    expect(() => store.acceptMessage(message)).toThrow(expect.objectContaining({ code: 'storeFailed' }));
    expect(store.outbox(line)).toEqual([]);
    store.failing = true;
    expect(() => store.outbox(line)).toThrow(expect.objectContaining({ code: 'storeFailed' }));
  });
});
