import { describe, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../../daemon/core/ports.ts';
import { EventStream, type StreamStart, type StreamStore, untakenLimitBytes } from '../../../daemon/ipc/eventStream.ts';

const [lines, messages] = [1, 4];

/** A journal in memory, and what the stream sent. */
class Bench {
  readonly sent: (number | 'resync')[] = [];
  readonly journal: JournalEntry[] = [];
  floor = 0;
  mark = 0;
  last = 0;
  readonly stream: EventStream;

  constructor() {
    const store: StreamStore = {
      journalAfter: (_line, after, limit) => this.journal.filter(({ sequence }) => sequence > after).slice(0, limit),
      journalFloor: () => this.floor,
      takenSequence: () => this.mark,
      setTaken: (_line, sequence) => {
        this.mark = sequence;
      },
      lastSequence: () => this.last,
    };
    this.stream = new EventStream({
      store,
      send: (bytes) => this.sent.push(new DataView(bytes.buffer).getUint32(0)),
      resync: () => this.sent.push('resync'),
    });
  }

  start(change: Partial<StreamStart> = {}): boolean {
    const resumed = this.stream.start({ lineId: 1, categories: 7, since: undefined, marksTaken: true, ...change });
    this.stream.pump();
    return resumed;
  }

  message(count = 1, sizeBytes = 4): void {
    for (let index = 0; index < count; index += 1) this.#publish('message.received', true, sizeBytes);
  }

  lineChange(count = 1): void {
    for (let index = 0; index < count; index += 1) this.#publish('line.changed', false, 4);
  }

  #publish(name: JournalEntry['name'], durable: boolean, sizeBytes: number): void {
    this.last += 1;
    const bytes = new Uint8Array(sizeBytes);
    new DataView(bytes.buffer).setUint32(0, this.last);
    const entry = { sequence: this.last, name, bytes };
    if (durable) this.journal.push(entry);
    this.stream.publish(1, { ...entry, durable });
  }
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('eventStream', () => {
  test('a game that keeps up gets every event at once', () => {
    const bench = new Bench();
    bench.start();
    for (let round = 0; round < 5000; round += 1) {
      bench.message();
      bench.lineChange();
      bench.stream.taken(bench.last);
    }
    expect(bench.sent).toEqual(from(1, 10_000));
    expect(bench.mark).toBe(10_000);
  });

  test('1024 events are in flight at most; taking half of them makes the journal go on', () => {
    const bench = new Bench();
    bench.start();
    bench.message(2000);
    expect(bench.sent).toEqual(from(1, 1024));
    bench.stream.taken(511);
    expect(bench.sent).toHaveLength(1024);
    bench.stream.taken(512);
    expect(bench.sent).toEqual(from(1, 1536));
    expect(bench.stream.untaken).toBe(1024);
    bench.stream.taken(1536);
    expect(bench.sent).toEqual(from(1, 2000));
    bench.message();
    expect(bench.sent.at(-1)).toBe(2001);
  });

  test('events that no journal keeps are dropped when there is no room, and a snapshot makes up for them', () => {
    const bench = new Bench();
    bench.start();
    bench.message(1024);
    bench.lineChange(10);
    bench.message(2);
    bench.stream.taken(1024);
    expect(bench.sent.slice(1024)).toEqual(['resync', 1035, 1036]);
  });

  test('without a drop there is no snapshot', () => {
    const bench = new Bench();
    bench.start();
    bench.message(1500);
    bench.stream.taken(1024);
    expect(bench.sent).not.toContain('resync');
  });

  test('the window is also bounded by bytes, but one event always fits', () => {
    const bench = new Bench();
    bench.start();
    bench.message(3, untakenLimitBytes);
    expect(bench.sent).toEqual([1]);
    bench.stream.taken(1);
    expect(bench.sent).toEqual([1, 2]);
  });

  test('since begins behind it; what is not subscribed is left out', () => {
    const bench = new Bench();
    bench.message(5);
    expect(bench.start({ since: 3 })).toBe(true);
    expect(bench.sent).toEqual([4, 5]);
    bench.start({ since: 3, categories: lines });
    bench.message();
    bench.lineChange();
    expect(bench.sent).toEqual([4, 5, 7]);
  });

  test('without since it begins behind what the line has taken', () => {
    const bench = new Bench();
    bench.message(5);
    bench.mark = 4;
    expect(bench.start()).toBe(true);
    expect(bench.sent).toEqual([5]);
  });

  test('a since below the floor of the journal is not resumed; what is left follows', () => {
    const bench = new Bench();
    bench.message(5);
    bench.journal.splice(0, 3);
    bench.floor = 3;
    expect(bench.start({ since: 1 })).toBe(false);
    expect(bench.sent).toEqual([4, 5]);
    expect(bench.start({ since: 3 })).toBe(true);
  });

  test('a since that was never given is not resumed; what was not taken follows', () => {
    const bench = new Bench();
    bench.message(2);
    bench.mark = 1;
    expect(bench.start({ since: 99 })).toBe(false);
    expect(bench.sent).toEqual([2]);
  });

  test('a game can take only what it was sent', () => {
    const bench = new Bench();
    bench.start();
    bench.message(2);
    bench.stream.taken(Number.MAX_SAFE_INTEGER);
    expect(bench.mark).toBe(0);
    bench.stream.taken(2);
    expect(bench.mark).toBe(2);
    bench.stream.taken(1);
    expect(bench.mark).toBe(2);
  });

  test('what a game took of another line is not taken of this one', () => {
    const bench = new Bench();
    bench.message(3);
    bench.lineChange();
    bench.start({ since: 1 });
    expect(bench.sent).toEqual([2, 3]);
    bench.stream.taken(4);
    expect(bench.mark).toBe(0);
    expect(bench.stream.untaken).toBe(2);
    bench.stream.taken(1);
    expect(bench.mark).toBe(1);
    expect(bench.stream.untaken).toBe(2);
  });

  test.each([
    ['an onlooker', { marksTaken: false }],
    ['a session that is shown no messages', { categories: lines }],
  ])('%s marks nothing as taken for the line', (_who, change) => {
    const bench = new Bench();
    bench.start(change);
    bench.message();
    bench.lineChange();
    bench.stream.taken(2);
    expect(bench.mark).toBe(0);
  });

  test('a stopped stream sends nothing; other lines are none of its business', () => {
    const bench = new Bench();
    bench.start({ lineId: 2, categories: messages });
    bench.message();
    bench.start();
    bench.stream.stop();
    bench.message();
    bench.stream.pump();
    expect(bench.sent).toEqual([1]);
  });
});
