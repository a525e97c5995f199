// What the phone costs the game thread.
import { Place } from './place.ts';
import type { BenchResult } from './result.ts';

export async function run(): Promise<BenchResult> {
  const place = new Place();
  try {
    const url = await place.server();
    const measured = await place.game('thread', 'thread', url, 'bench').next();
    const value = (name: string): number => Number(measured[name]);
    return {
      name: 'gameThread',
      rows: [
        {
          what: 'longest poll of 100 waiting events, median of 50 rounds',
          value: value('pollLongestP50Us'),
          unit: 'µs',
          target: { most: 200, of: 'value' },
        },
        { what: 'longest poll of all 5000', value: value('pollLongestUs'), unit: 'µs' },
        { what: 'message_send p50', value: value('sendP50Us'), unit: 'µs', target: { most: 20, of: 'value' } },
        { what: 'message_send p99', value: value('sendP99Us'), unit: 'µs', target: { most: 20, of: 'value' } },
        { what: 'message_send longest', value: value('sendLongestUs'), unit: 'µs' },
        { what: 'wakes of an idle game in 3 s', value: value('idleWakes'), unit: '', target: { most: 0, of: 'value' } },
      ],
      warnings: [],
    };
  } finally {
    await place.leave();
  }
}
