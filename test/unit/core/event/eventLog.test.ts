import { describe, expect, it } from '@jest/globals';
import { EventLog } from '../../../../daemon/core/event/eventLog.ts';
import type { Shims } from '../../../../daemon/core/ports.ts';
import { decodeShim } from '../../../../proto/runtime/index.ts';
import { SimulatedStore } from '../../../support/simulation/store.ts';
import { World } from '../../../support/simulation/world.ts';

type Published = Parameters<Shims['publish']>;

function eventLog() {
  const store = new SimulatedStore();
  const published: Published[] = [];
  const errors: string[] = [];
  const quiet = () => {};
  const log = { error: (message: string) => errors.push(message), warn: quiet, info: quiet, debug: quiet };
  return { store, published, errors, events: new EventLog(store, { publish: (...one) => published.push(one) }, log) };
}

const peer = { peerId: 'bob', displayName: 'Bob', online: true };

describe('event log', () => {
  it('numbers and encodes an event once, for all who follow the line', () => {
    const { events, published } = eventLog();
    events.publish(3, 'peer.changed', { peer });
    const [lineId, entry] = published[0] ?? [];
    expect([lineId, entry?.sequence, entry?.durable]).toEqual([3, 1, false]);
    expect(decodeShim(entry?.bytes ?? new Uint8Array())).toMatchObject({
      sequence: 1,
      name: 'peer.changed',
      value: { peer },
    });
  });

  it('hands out a durable event as it was journalled', () => {
    const { events, published } = eventLog();
    const entry = events.entry('message.changed', { messageId: 1, peerId: 'bob', state: 'delivered', confirmed: true });
    expect(published).toEqual([]);
    events.published(3, entry);
    expect(published).toEqual([[3, { ...entry, durable: true }]]);
  });

  it('loses an event for which the disk gives no number, and says so', () => {
    const { store, events, published, errors } = eventLog();
    store.full = true;
    events.publish(1, 'peer.changed', { peer });
    store.full = false;
    events.publish(1, 'peer.changed', { peer });
    expect([published.length, errors]).toEqual([1, ['an event could not be numbered']]);
  });

  it('numbers grow over restarts, and every event of a line comes in their order', () => {
    const world = new World();
    const ada = world.phone('ada').goOnline();
    const bob = world.phone('bob').goOnline();
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 20; j += 1) {
        ada.send('bob', 'hi');
        bob.send('ada', 'hi');
      }
      world.clock.advance(1000);
      ada.restart();
      world.clock.advance(1000);
    }
    const sequences = ada.events.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    const durable = ada.events.filter((event) => event.durable).map(({ sequence }) => sequence);
    expect(ada.store.journalAfter(ada.lineId, 0, 1000).map(({ sequence }) => sequence)).toEqual(durable);
  });
});
