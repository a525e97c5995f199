// From game A to game B: two daemons, two disks, one data channel. No floor does the same job; targets are absolute.
import { Place, quantile } from './place.ts';
import type { BenchResult } from './result.ts';

const messages = 500;
/** Each with two fresh profiles that never met. */
const firstContacts = 8;

interface Delays {
  readonly firstMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

async function pair(place: Place, url: string, name: string, count: number): Promise<Delays> {
  const listener = place.game(`${name}b`, 'listen', url, `${name}b`, count);
  await listener.next();
  // The sender's daemon is up before it sends: a start is measured elsewhere.
  await place.game(`${name}a`, 'ready').next();
  const sender = place.game(`${name}a`, 'send', url, `${name}a`, `${name}b`, count);
  const delays = (await listener.next()) as unknown as Delays;
  await sender.next();
  for (const side of ['a', 'b']) await place.stopDaemon(`${name}${side}`);
  return delays;
}

export async function run(): Promise<BenchResult> {
  const place = new Place();
  try {
    const url = await place.server();
    const open = await pair(place, url, 'open', messages + 1);
    const first: number[] = [];
    for (let i = 0; i < firstContacts; i += 1) first.push((await pair(place, url, `f${i}`, 1)).firstMs);
    return {
      name: 'messages',
      rows: [
        { what: 'game → game, open connection, p50', value: open.p50Ms, unit: 'ms', target: { most: 5, of: 'value' } },
        { what: 'game → game, open connection, p99', value: open.p99Ms, unit: 'ms', target: { most: 15, of: 'value' } },
        { what: 'game → game, open connection, slowest', value: open.maxMs, unit: 'ms' },
        { what: `first message ever to a peer, median of ${firstContacts}`, value: quantile(first, 0.5), unit: 'ms' },
        {
          what: `first message ever to a peer, p95 of ${firstContacts}`,
          value: quantile(first, 0.95),
          unit: 'ms',
          target: { most: 300, of: 'value' },
        },
      ],
      warnings: [],
    };
  } finally {
    await place.leave();
  }
}
