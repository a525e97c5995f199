// Our signalling server as a process of its own, for tests.
import { JsonLineProcess } from './jsonLineProcess.ts';

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

  /** Starts it on a free port of the loopback; `options` as on its command line. */
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
