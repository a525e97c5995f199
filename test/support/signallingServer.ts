// Our signalling server as a process of its own, for tests.
import net from 'node:net';
import { JsonLineProcess } from './jsonLineProcess.ts';

/** A port of the loopback that nobody listens at. */
export function freePort(): Promise<number> {
  const probe = net.createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export class SignallingProcess {
  readonly process: JsonLineProcess;
  /** ws://host:port */
  readonly url: string;
  readonly #http: string;

  private constructor(process: JsonLineProcess, url: string) {
    this.process = process;
    this.url = url;
    this.#http = url.replace('ws:', 'http:');
  }

  /** Starts it on a free port of the loopback, unless told another; `options` as on its command line. */
  static async start(...options: string[]): Promise<SignallingProcess> {
    const process = new JsonLineProcess('server/signalling/main.ts', ['--port', '0', '--json', ...options]);
    const { url } = await process.until('listening');
    return new SignallingProcess(process, String(url));
  }

  page(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.#http}${path}`, init);
  }

  /** Value of a sample of /metrics, e.g. `relayed_bytes_total{type="offer"}`. */
  async metric(sample: string): Promise<number> {
    const text = await (await this.page('/metrics')).text();
    const line = text.split('\n').find((one) => one.startsWith(`mosis_signalling_${sample} `));
    if (line === undefined) throw new Error(`/metrics has no ${sample}`);
    return Number(line.split(' ')[1]);
  }

  stop(): Promise<number | NodeJS.Signals> {
    return this.process.stop();
  }
}
