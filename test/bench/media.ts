// The media child: time to connect two of them, messages through fork IPC and data channel, and what an idle child costs.
import { connect, MediaPhone, type TestConnection } from '../support/mediaPhone.ts';
import { cpuSeconds, Place, quantile, residentMb } from './place.ts';
import type { BenchResult, Row } from './result.ts';

const connects = 100;
/** Both children start together. */
const coldConnects = 5;
const roundTrips = 1_000;
const messageBytes = 200;
const idleSeconds = 10;
/** Without connections the native library is put to sleep after 10 s. */
const restSeconds = 12;
const bulkMessages = 800;
const bulkBytes = 65_536;

const waitMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const timed = async (action: () => Promise<unknown>): Promise<number> => {
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
};

async function cold(): Promise<number> {
  const [ada, bob] = [new MediaPhone(), new MediaPhone()];
  const ms = await timed(() => connect(ada, bob));
  await Promise.all([ada.host.stop(), bob.host.stop()]);
  return ms;
}

/** One message there and back at a time, over an open connection. */
async function measureRoundTrips(here: TestConnection, there: TestConnection): Promise<number[]> {
  const message = Buffer.alloc(messageBytes, 7);
  const times: number[] = [];
  for (let i = 0; i < roundTrips; i++) {
    times.push(
      await timed(async () => {
        here.connection.send(message);
        const { data } = await there.until('message');
        there.connection.send(data);
        await here.until('message');
      }),
    );
  }
  return times;
}

/** MB/s of 64 KiB messages, one way. */
async function measureBulk(here: TestConnection, there: TestConnection): Promise<number> {
  const message = Buffer.alloc(bulkBytes, 7);
  const ms = await timed(async () => {
    const received = there.messages(bulkMessages);
    for (let i = 0; i < bulkMessages; i++) {
      while (!here.connection.send(message)) await here.until('drained');
    }
    await received;
  });
  return (bulkMessages * bulkBytes) / 1000 / ms;
}

async function measureIdle(pid: number): Promise<{ mb: number; cpuShare: number }> {
  const before = cpuSeconds(pid);
  await waitMs(idleSeconds * 1000);
  return { mb: residentMb(pid), cpuShare: (cpuSeconds(pid) - before) / idleSeconds };
}

async function measureFloor(): Promise<number[]> {
  const place = new Place();
  try {
    const program = place.node('test/bench/floors/dataChannelEcho.mjs', String(roundTrips), String(messageBytes));
    return ((await program.next()) as unknown as { roundTripsMs: number[] }).roundTripsMs;
  } finally {
    await place.leave();
  }
}

function rowsOf(what: string, values: readonly number[], floor?: readonly number[]): Row[] {
  return [0.5, 0.95].map((share) => ({
    what: `${what}, p${share * 100}`,
    value: quantile(values, share),
    unit: 'ms',
    ...(floor === undefined ? {} : { floor: quantile(floor, share) }),
  }));
}

export async function run(): Promise<BenchResult> {
  const [ada, bob] = [new MediaPhone(), new MediaPhone()];
  ada.host.start();
  await ada.entered('running');
  await waitMs(restSeconds * 1000);
  const fresh = await measureIdle(Number(ada.host.pid));
  const [here, there] = await connect(ada, bob);
  const times: number[] = [];
  for (let i = 0; i < connects; i++) {
    let ends: readonly TestConnection[] = [];
    times.push(
      await timed(async () => {
        ends = await connect(ada, bob);
      }),
    );
    for (const { connection } of ends) connection.close();
  }
  const floor = await measureFloor();
  const trips = await measureRoundTrips(here, there);
  const mbPerSecond = await measureBulk(here, there);
  const used = await measureIdle(Number(ada.host.pid));
  await Promise.all([ada.host.stop(), bob.host.stop()]);
  const coldTimes: number[] = [];
  for (let i = 0; i < coldConnects; i++) coldTimes.push(await cold());
  const mb = { unit: 'MB', target: { most: 100, of: 'value' } } as const;
  const percent = { unit: '%', target: { most: 0.5, of: 'value' } } as const;
  return {
    name: 'media',
    rows: [
      ...rowsOf('connect two running children, offer → channel open', times),
      {
        what: `connects of ${connects} that took 0.5 s or more`,
        value: times.filter((ms) => ms >= 500).length,
        unit: '',
      },
      {
        what: `start two children and connect, median of ${coldConnects}`,
        value: quantile(coldTimes, 0.5),
        unit: 'ms',
      },
      ...rowsOf(`message of ${messageBytes} bytes there and back; floor: no IPC`, trips, floor),
      { what: 'messages of 64 KiB one way', value: mbPerSecond, unit: 'MB/s' },
      { what: 'resident, child idle after its start', value: fresh.mb, ...mb },
      { what: 'resident, child idle after all this, 1 connection', value: used.mb, unit: 'MB' },
      { what: 'CPU of one core, child idle after its start', value: 100 * fresh.cpuShare, ...percent },
      { what: 'CPU of one core, child idle, 1 connection', value: 100 * used.cpuShare, unit: '%' },
    ],
    warnings: [],
  };
}
