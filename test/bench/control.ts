// The control round trip through the real shim and daemon, with validation, against libzmq alone; and what a request costs the daemon.
import path from 'node:path';
import { cpuSeconds, type Line, Place, type Program } from './place.ts';
import type { BenchResult } from './result.ts';

const rounds = 3;
const requests = 3000;
const window = 64;
/** p50 of this floor in the notes. */
const notedFloorUs = 87;

interface Measured extends Line {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly perSecond: number;
  readonly requests: number;
}

interface Served {
  readonly client: Measured;
  /** CPU of the server per request. */
  readonly cpuUs: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function measure(serverPid: () => number, start: () => Program): Promise<Served> {
  const pid = serverPid();
  const before = cpuSeconds(pid);
  const client = (await start().next()) as Measured;
  return { client, cpuUs: ((cpuSeconds(pid) - before) / client.requests) * 1e6 };
}

async function floor(place: Place, server: Program, name: string): Promise<Served> {
  await server.next();
  const served = await measure(
    () => server.pid,
    () => place.floor('client', endpoint(place, name), requests, window),
  );
  await server.end();
  return served;
}

const endpoint = (place: Place, name: string): string => `ipc://${path.join(place.folder, name)}`;

export async function run(): Promise<BenchResult> {
  const place = new Place();
  const product: Served[] = [];
  const native: Served[] = [];
  const echo: Served[] = [];
  try {
    const url = await place.server();
    await place.game('control', 'ready').next();
    const daemon = place.daemonPid('control') ?? 0;
    // Interleaved, so that a noisy minute hits all three.
    for (let round = 0; round < rounds; round += 1) {
      native.push(await floor(place, place.floor('server', endpoint(place, `n${round}`)), `n${round}`));
      echo.push(
        await floor(place, place.node('test/bench/floors/zmqEcho.mjs', endpoint(place, `e${round}`)), `e${round}`),
      );
      product.push(
        await measure(
          () => daemon,
          () => place.game('control', 'control', url, 'bench', requests, window),
        ),
      );
    }
  } finally {
    await place.leave();
  }
  const of = (served: Served[], pick: (one: Served) => number) => median(served.map(pick));
  const p50Floor = of(native, ({ client }) => client.p50Us);
  return {
    name: 'control',
    rows: [
      {
        what: 'round trip p50',
        value: of(product, ({ client }) => client.p50Us),
        unit: 'µs',
        floor: p50Floor,
        target: { most: 1.7, of: 'ratio' },
      },
      {
        what: 'round trip p99',
        value: of(product, ({ client }) => client.p99Us),
        unit: 'µs',
        floor: of(native, ({ client }) => client.p99Us),
        target: { most: 3, of: 'ratio' },
      },
      {
        what: `requests/s, ${window} at once, against zeromq.js echo`,
        value: of(product, ({ client }) => client.perSecond),
        unit: '/s',
        floor: of(echo, ({ client }) => client.perSecond),
        target: { least: 0.6, of: 'ratio' },
      },
      {
        what: 'daemon CPU per request, against zeromq.js echo',
        value: of(product, ({ cpuUs }) => cpuUs),
        unit: 'µs',
        floor: of(echo, ({ cpuUs }) => cpuUs),
        target: { most: 1.5, of: 'ratio' },
      },
      {
        what: 'round trip p50, against zeromq.js echo',
        value: of(product, ({ client }) => client.p50Us),
        unit: 'µs',
        floor: of(echo, ({ client }) => client.p50Us),
      },
    ],
    warnings:
      p50Floor > 1.5 * notedFloorUs
        ? [`the floor takes ${p50Floor.toFixed(0)} µs, ${notedFloorUs} in the notes: busy machine`]
        : [],
  };
}
