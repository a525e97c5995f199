// Time to connect two media children on the paths that daemon/media/webrtc/trickle.ts is about. Signalling delay is taken off.
import { MediaPhone, type TestConnection } from '../support/mediaPhone.ts';
import { NatPair } from '../support/natPair.ts';
import { quantile } from './place.ts';
import type { BenchResult, Row } from './result.ts';

const connects = 40;
const stallMs = 900;

interface Path {
  readonly what: string;
  /** One way. */
  readonly signallingMs: number;
  /** Undefined: no NAT, loopback. */
  readonly natRoundTripMs?: number;
  /** As core does between daemons; false: as towards plain peers. */
  readonly setupActive: boolean;
}

const paths: readonly Path[] = [
  { what: 'daemons, direct', signallingMs: 1, setupActive: true },
  { what: 'daemons, direct, signalling 60 ms', signallingMs: 60, setupActive: true },
  { what: 'plain setup, direct', signallingMs: 1, setupActive: false },
  { what: 'plain setup, direct, signalling 60 ms', signallingMs: 60, setupActive: false },
  { what: 'daemons, two NATs, RTT 20 ms, signalling 15 ms', signallingMs: 15, natRoundTripMs: 20, setupActive: true },
];

function signal(from: TestConnection, to: TestConnection, { signallingMs, setupActive }: Path): void {
  from.signals = {
    description: (type, sdp) => {
      const told = setupActive ? sdp.replaceAll('a=setup:actpass', 'a=setup:active') : sdp;
      setTimeout(() => to.connection.setRemoteDescription(type, told), signallingMs);
    },
    candidate: (candidate, mid) => setTimeout(() => to.connection.addRemoteCandidate(candidate, mid), signallingMs),
  };
}

/** Undefined when it failed. */
async function connectOnce(ada: MediaPhone, bob: MediaPhone, path: Path): Promise<number | undefined> {
  const nats = path.natRoundTripMs === undefined ? undefined : await NatPair.create(path.natRoundTripMs);
  const [offerer, answerer] = [ada.connection(), bob.connection()];
  if (nats === undefined) {
    signal(offerer, answerer, path);
    signal(answerer, offerer, path);
  } else {
    nats.signal(offerer, 0, answerer, path.signallingMs);
    nats.signal(answerer, 1, offerer, path.signallingMs);
  }
  const startMs = performance.now();
  offerer.connection.offer();
  const { event } = await offerer.events.until((one) => one.event === 'channelOpened' || one.event === 'closed', 'end');
  const ms = performance.now() - startMs - 2 * path.signallingMs;
  for (const { connection } of [offerer, answerer]) connection.close();
  nats?.close();
  return event === 'closed' ? undefined : ms;
}

export async function run(): Promise<BenchResult> {
  const [ada, bob] = [new MediaPhone(), new MediaPhone()];
  const rows: Row[] = [];
  for (const path of paths) {
    await connectOnce(ada, bob, path);
    const times: (number | undefined)[] = [];
    for (let i = 0; i < connects; i++) times.push(await connectOnce(ada, bob, path));
    const opened = times.filter((ms) => ms !== undefined);
    rows.push(
      { what: `${path.what}, p50`, value: quantile(opened, 0.5), unit: 'ms' },
      { what: `${path.what}, p95`, value: quantile(opened, 0.95), unit: 'ms' },
      {
        what: `${path.what}, ${stallMs} ms or more`,
        value: opened.filter((ms) => ms >= stallMs).length,
        unit: `of ${connects}`,
      },
      { what: `${path.what}, failed`, value: connects - opened.length, unit: `of ${connects}` },
    );
  }
  await Promise.all([ada.host.stop(), bob.host.stop()]);
  return { name: 'connect', rows, warnings: [] };
}
