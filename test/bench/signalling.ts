// Signalling server against a bare ws echo: memory of an idle socket, and delay and CPU of relayed messages.
//
//   node test/bench/signalling.ts [--sockets 5000] [--rate 1000] [--seconds 10]     prints a table and a line of JSON
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { JsonLineProcess } from '../support/jsonLineProcess.ts';

export interface SignallingBenchOptions {
  readonly sockets: number;
  /** Messages per second over all sockets. */
  readonly rate: number;
  /** Length of the relay part. */
  readonly seconds: number;
}

interface Measured {
  readonly idleKbPerSocket: number;
  readonly connectsPerSecond: number;
  readonly lost: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** CPU of the server while it relayed, in cores. */
  readonly cores: number;
}

export interface SignallingBenchResult {
  readonly name: 'signalling';
  readonly options: SignallingBenchOptions;
  readonly server: Measured;
  readonly floor: Measured;
  /** Server / floor. */
  readonly ratio: Readonly<Record<'idleKbPerSocket' | 'p50Ms' | 'p99Ms' | 'cores', number>>;
  readonly limits: typeof limits;
  readonly ok: boolean;
}

/** What must hold. On a machine so busy that the floor itself takes half of it, twice the floor is allowed for the delay. */
const limits = { idleKbPerSocket: 15, p99Ms: 10 } as const;
const defaults: SignallingBenchOptions = { sockets: 5000, rate: 1000, seconds: 10 };
const roomSize = 50;
const batch = 100;
const warmUpMs = 1000;
const settleMs = 2000;
/** With the rest of an offer about 1 kB. */
const sdp = 'x'.repeat(900);

const waitMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const idOf = (index: number): string => `phone_${index}`;

/** A server with its sockets; `plain` = the floor, where a message comes back to its sender. */
class Rig {
  readonly #process: JsonLineProcess;
  readonly #url: string;
  readonly #echo: boolean;
  readonly #sockets: WebSocket[] = [];
  readonly delaysMs: number[] = [];

  private constructor(process: JsonLineProcess, url: string, echo: boolean) {
    this.#process = process;
    this.#url = url;
    this.#echo = echo;
  }

  static async start(script: string, args: string[], echo: boolean): Promise<Rig> {
    const process = new JsonLineProcess(script, args);
    return new Rig(process, String((await process.until('listening')).url), echo);
  }

  get rssKb(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  }

  get cpuMs(): number {
    // Fields 14 and 15, in ticks of 10 ms; the name in field 2 may hold blanks.
    const fields = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  async open(count: number): Promise<void> {
    for (let from = 0; from < count; from += batch) {
      const size = Math.min(batch, count - from);
      await Promise.all(Array.from({ length: size }, (_, i) => this.#connect(from + i)));
    }
  }

  /** Resolves once the socket is open and, at our server, registered. */
  #connect(index: number): Promise<void> {
    const room = Math.floor(index / roomSize);
    const ws = new WebSocket(`${this.#url}/${room}`, { perMessageDeflate: false });
    this.#sockets[index] = ws;
    return new Promise((resolve, reject) => {
      ws.once('error', reject);
      ws.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'offer') this.delaysMs.push(performance.now() - message.sentMs);
        else if (message.type === 'error') reject(new Error(message.text));
        else if (message.id === idOf(index)) resolve();
      });
      ws.once('open', () => ws.send(JSON.stringify({ type: 'register', id: idOf(index), name: `Phone ${index}` })));
    });
  }

  /** Sends `rate` messages a second from random sockets to random ones of the same room; returns how many. */
  async send(rate: number, durationMs: number): Promise<number> {
    const startMs = performance.now();
    let sent = 0;
    for (;;) {
      const elapsedMs = performance.now() - startMs;
      if (elapsedMs >= durationMs) return sent;
      for (const due = (elapsedMs * rate) / 1000; sent < due; sent++) this.#sendOne();
      await waitMs(1);
    }
  }

  #sendOne(): void {
    const from = Math.floor(Math.random() * this.#sockets.length);
    const room = Math.floor(from / roomSize) * roomSize;
    const size = Math.min(roomSize, this.#sockets.length - room);
    const to = this.#echo ? from : room + Math.floor(Math.random() * size);
    const message = { type: 'offer', to: idOf(to), sdp, sentMs: performance.now() };
    this.#sockets[from]?.send(JSON.stringify(message));
  }

  async stop(): Promise<void> {
    for (const ws of this.#sockets) ws.terminate();
    await this.#process.stop();
  }
}

async function measure(rig: Rig, { sockets, rate, seconds }: SignallingBenchOptions): Promise<Measured> {
  await waitMs(settleMs);
  const emptyKb = rig.rssKb;
  const connectingMs = performance.now();
  await rig.open(sockets);
  const connectsPerSecond = sockets / ((performance.now() - connectingMs) / 1000);
  await waitMs(settleMs);
  const idleKbPerSocket = (rig.rssKb - emptyKb) / sockets;
  await rig.send(rate, warmUpMs);
  await waitMs(settleMs);
  rig.delaysMs.length = 0;
  const cpuMs = rig.cpuMs;
  const sent = await rig.send(rate, seconds * 1000);
  const cores = (rig.cpuMs - cpuMs) / (seconds * 1000);
  await waitMs(settleMs);
  const sorted = rig.delaysMs.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    idleKbPerSocket,
    connectsPerSecond,
    lost: sent - sorted.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    cores,
  };
}

async function measureAt(
  script: string,
  args: string[],
  echo: boolean,
  options: SignallingBenchOptions,
): Promise<Measured> {
  const rig = await Rig.start(script, args, echo);
  try {
    return await measure(rig, options);
  } finally {
    await rig.stop();
  }
}

/** Runs floor and server one after the other; takes about half a minute. Needs /proc (Linux). */
export async function run(given: Partial<SignallingBenchOptions> = {}): Promise<SignallingBenchResult> {
  const options = { ...defaults, ...given };
  const floor = await measureAt('test/bench/floors/wsEcho.mjs', [], true, options);
  const args = ['--port', '0', '--json', '--connects-per-10s', '1000000', '--max-sockets', String(options.sockets + 1)];
  const server = await measureAt('server/signalling/main.ts', args, false, options);
  const ratio = {
    idleKbPerSocket: server.idleKbPerSocket / floor.idleKbPerSocket,
    p50Ms: server.p50Ms / floor.p50Ms,
    p99Ms: server.p99Ms / floor.p99Ms,
    cores: server.cores / floor.cores,
  };
  const ok = server.idleKbPerSocket <= limits.idleKbPerSocket && server.p99Ms <= limits.p99Ms && server.lost === 0;
  return { name: 'signalling', options, server, floor, ratio, limits, ok };
}

/** The result as a table for people. */
export function table({ options, server, floor, ratio, limits: most, ok }: SignallingBenchResult): string {
  const row = (what: string, key: keyof Measured, digits: number): string => {
    const times = key in ratio ? `${ratio[key as keyof typeof ratio].toFixed(1)} ×` : '';
    const limit = key in most ? `≤ ${most[key as keyof typeof most]}` : '';
    const cells = [server[key].toFixed(digits), floor[key].toFixed(digits), times, limit];
    return what.padEnd(34) + cells.map((cell) => cell.padStart(10)).join('');
  };
  return [
    `signalling: ${options.sockets} sockets, ${options.rate} messages/s of 1 kB for ${options.seconds} s`,
    ''.padEnd(34) + ['server', 'ws echo', 'ratio', 'limit'].map((head) => head.padStart(10)).join(''),
    row('resident memory / idle socket, kB', 'idleKbPerSocket', 1),
    row('relay p50, ms', 'p50Ms', 2),
    row('relay p99, ms', 'p99Ms', 2),
    row('relay max, ms', 'maxMs', 2),
    row('lost messages', 'lost', 0),
    row('CPU while relaying, cores', 'cores', 3),
    row('connects / s', 'connectsPerSecond', 0),
    ok ? 'within the limits' : 'OVER THE LIMITS',
  ].join('\n');
}

if (import.meta.main) {
  const number = { type: 'string' } as const;
  const { values } = parseArgs({ options: { sockets: number, rate: number, seconds: number } });
  const given = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Number(value)]));
  const result = await run(given);
  process.stdout.write(`${table(result)}\n${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
}
