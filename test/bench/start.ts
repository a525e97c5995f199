// From nothing to a phone, and what a phone costs that nobody uses.

import fs from 'node:fs';
import { cpuSeconds, Place, quantile, residentMb } from './place.ts';
import type { BenchResult } from './result.ts';

const starts = 7;
const idleSeconds = 10;

async function readyMs(place: Place, profile: string): Promise<number> {
  const game = place.game(profile, 'ready');
  const { readyMs: ms } = await game.next();
  await game.end();
  return Number(ms);
}

/** Children of a process; the media child of a daemon. */
function childrenOf(pid: number): number[] {
  const text = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

async function idleCost(place: Place, profile: string): Promise<{ mb: number; cpuPercent: number }> {
  const daemon = place.daemonPid(profile) ?? 0;
  const pids = [daemon, ...childrenOf(daemon)];
  const cpu = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  // The WebRTC library goes to sleep 10 s after the last connection (here: the one that warmed it up).
  await new Promise((resolve) => setTimeout(resolve, 13_000));
  const before = cpu();
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
  return {
    mb: pids.reduce((sum, pid) => sum + residentMb(pid), 0),
    cpuPercent: ((cpu() - before) / idleSeconds) * 100,
  };
}

export async function run(): Promise<BenchResult> {
  const place = new Place();
  try {
    const firstEver = await readyMs(place, 'fresh');
    const cold: number[] = [];
    const warm: number[] = [];
    for (let i = 0; i < starts; i += 1) {
      await place.stopDaemon('fresh');
      cold.push(await readyMs(place, 'fresh'));
      warm.push(await readyMs(place, 'fresh'));
    }
    const alone = await idleCost(place, 'fresh');
    const url = await place.server();
    const listener = place.game('online', 'listen', url, 'online', 1);
    await listener.next();
    const online = await idleCost(place, 'online');
    return {
      name: 'start',
      rows: [
        { what: 'first start ever: game → ready', value: firstEver, unit: 'ms', target: { most: 1000, of: 'value' } },
        {
          what: `no daemon running, median of ${starts}`,
          value: quantile(cold, 0.5),
          unit: 'ms',
          target: { most: 600, of: 'value' },
        },
        {
          what: `daemon running, median of ${starts}`,
          value: quantile(warm, 0.5),
          unit: 'ms',
          target: { most: 30, of: 'value' },
        },
        { what: 'idle daemon, resident', value: alone.mb, unit: 'MB', target: { most: 90, of: 'value' } },
        { what: 'idle daemon, CPU', value: alone.cpuPercent, unit: '%', target: { most: 0.5, of: 'value' } },
        {
          what: 'online daemon with media child, resident',
          value: online.mb,
          unit: 'MB',
          target: { most: 190, of: 'value' },
        },
        {
          what: 'online daemon with media child, CPU',
          value: online.cpuPercent,
          unit: '%',
          target: { most: 0.5, of: 'value' },
        },
      ],
      warnings: [],
    };
  } finally {
    await place.leave();
  }
}
