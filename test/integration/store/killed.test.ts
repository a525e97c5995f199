import path from 'node:path';
import { expect, test } from '@jest/globals';
import { openStore } from '../../../daemon/store/store.ts';
import { type JsonEvent, JsonLineProcess } from '../../support/jsonLineProcess.ts';
import { temporaryFolders } from '../../support/temporaryFolders.ts';

const newFolder = temporaryFolders();
const rounds = 10;
const numbersPerRound = 1_000_000;

test('whatever the store said it had is there after kill -9 at random points, and nothing is there twice', async () => {
  const file = path.join(newFolder(), 'phone.db');
  const printed: JsonEvent[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const child = new JsonLineProcess('test/support/acceptingStore.ts', [file, `${round * numbersPerRound}`]);
    const lastNumber = round * numbersPerRound + Math.floor(Math.random() * 100);
    const last = await child.until('received', ({ number }) => number === lastNumber);
    child.kill('SIGKILL');
    expect(await child.exited).toBe('SIGKILL');
    printed.push(...child.events.items, last);
  }
  const logged: string[] = [];
  const log = (message: string) => logged.push(message);
  const store = openStore({ file, now: Date.now, log: { error: log, warn: log, info: log, debug: log } });
  const { lineId } = store.openLine({ server: 'ws://s', phoneId: 'ada', displayName: 'Ada' });

  const outbox = new Map(store.outbox(lineId).map(({ messageId, text }) => [messageId, text]));
  const journal = store.journalAfter(lineId, 0, 100_000);
  const received = journal.map(({ sequence, bytes }) => [sequence, new DataView(bytes.slice().buffer).getFloat64(8)]);
  const bySequence = new Map(received.map(([sequence, number]) => [sequence, number]));
  for (const { event, number, messageId, sequence } of printed) {
    if (event === 'accepted') expect(outbox.get(messageId as number)).toBe(`${number}`);
    else expect(bySequence.get(sequence as number)).toBe(number);
  }
  expect(printed.length).toBeGreaterThanOrEqual(rounds * 2);
  expect(new Set(outbox.values()).size).toBe(outbox.size);
  expect(new Set(bySequence.values()).size).toBe(journal.length);
  expect(store.nextSequence()).toBeGreaterThan(journal.at(-1)?.sequence as number);
  expect(logged).toEqual([]);
  store.close();
}, 60_000);
