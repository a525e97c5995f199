import { describe, expect, test } from '@jest/globals';
import type { Clock } from '../../../daemon/core/ports.ts';
import { Connection, unreadLimitBytes } from '../../../daemon/ipc/connection.ts';
import type { ControlRouter, SendOutcome } from '../../../daemon/ipc/router.ts';
import { decodeShim } from '../../../proto/runtime/index.ts';

/** A router that does what it is told, and a clock that is moved by hand. */
class Bench {
  outcome: SendOutcome = 'sent';
  now = 0;
  dead = 0;
  readonly sent: Uint8Array[] = [];
  readonly #timers: (() => void)[] = [];
  readonly connection: Connection;

  constructor() {
    const router = {
      send: async (_routingId: Buffer, bytes: Uint8Array) => {
        if (this.outcome === 'sent') this.sent.push(bytes);
        return this.outcome;
      },
    } as unknown as ControlRouter;
    const clock: Clock = {
      now: () => this.now,
      monotonic: () => this.now,
      after: (_delayMs, action) => {
        this.#timers.push(action);
        return () => {};
      },
    };
    this.connection = new Connection(Buffer.from('id'), router, clock, () => {
      this.dead += 1;
    });
  }

  async fireTimers(): Promise<void> {
    for (const action of this.#timers.splice(0)) action();
    await this.connection.flushed();
  }

  get pings(): number[] {
    const messages = this.sent.filter(({ length }) => length < 20).map((bytes) => decodeShim(bytes));
    return messages.flatMap((one) => (one.kind === 'link' && one.name === 'ping' ? [one.value.nonce] : []));
  }
}

const bytes = (value: number, size = 1) => new Uint8Array(size).fill(value);

describe('connection', () => {
  test('messages go out in the order in which they were given', async () => {
    const { connection, sent } = new Bench();
    for (let value = 0; value < 100; value += 1) connection.send(bytes(value));
    await connection.flushed();
    expect(sent.map(([value]) => value)).toEqual(Array.from({ length: 100 }, (_, value) => value));
  });

  test('what libzmq refuses is sent later, and nothing overtakes it', async () => {
    const bench = new Bench();
    bench.outcome = 'full';
    bench.connection.send(bytes(1));
    bench.connection.send(bytes(2));
    await bench.connection.flushed();
    bench.outcome = 'sent';
    await bench.fireTimers();
    expect(bench.sent.map(([value]) => value)).toEqual([1, 2]);
  });

  test('a game that is gone is told of once, and not before its last words can have been heard', async () => {
    const bench = new Bench();
    bench.outcome = 'gone';
    bench.connection.send(bytes(1));
    await bench.connection.flushed();
    bench.connection.send(bytes(2));
    expect(bench.dead).toBe(0);
    await bench.fireTimers();
    expect(bench.dead).toBe(1);
    bench.connection.send(bytes(3));
    await bench.fireTimers();
    expect(bench.dead).toBe(1);
  });

  test('a game that reads nothing is dead when 16 MiB are unread, whether in libzmq or here', async () => {
    const bench = new Bench();
    for (let count = 0; count < 15; count += 1) {
      bench.connection.send(bytes(0, 1024 * 1024));
      await bench.connection.flushed();
    }
    expect(bench.dead).toBe(0);
    bench.outcome = 'full';
    bench.connection.send(bytes(0, 1024 * 1024));
    expect(bench.dead).toBe(1);
    expect(bench.connection.unreadBytes).toBeLessThanOrEqual(unreadLimitBytes);
  });

  test('an answered ping proves that everything before it was read', async () => {
    const bench = new Bench();
    bench.connection.send(bytes(0, 2 * 1024 * 1024));
    await bench.connection.flushed();
    // Asked at once, because so much is unread.
    const [nonce] = bench.pings;
    expect(nonce).toBeDefined();
    bench.connection.send(bytes(0, 1000));
    await bench.connection.flushed();
    bench.connection.pong(nonce ?? 0);
    expect(bench.connection.unreadBytes).toBeLessThan(2000);
  });

  test('a pong that was not asked for proves nothing', async () => {
    const bench = new Bench();
    bench.connection.send(bytes(0, 1000));
    await bench.connection.flushed();
    bench.connection.pong(77);
    expect(bench.connection.unreadBytes).toBeGreaterThan(1000);
  });

  test('it is silent after 5 s without a word', () => {
    const bench = new Bench();
    expect(bench.connection.silent(5000)).toBe(false);
    expect(bench.connection.silent(5001)).toBe(true);
    bench.connection.heardAt = 4000;
    expect(bench.connection.silent(5001)).toBe(false);
  });

  test('what is forgotten is not sent, and what comes afterwards is', async () => {
    const bench = new Bench();
    bench.outcome = 'full';
    bench.connection.send(bytes(1));
    await bench.connection.flushed();
    bench.connection.forget();
    bench.outcome = 'sent';
    bench.connection.send(bytes(2));
    await bench.connection.flushed();
    await bench.fireTimers();
    expect(bench.sent.map(([value]) => value)).toEqual([2]);
  });
});
