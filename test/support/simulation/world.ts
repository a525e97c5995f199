// Everything that phones need around them, on one clock and from one seed: the same test gives the same run.
import type { LineSettings } from '../../../daemon/core/ports.ts';
import { SimulatedClock } from './clock.ts';
import { MediaNetwork } from './media.ts';
import { SimulatedPhone } from './phone.ts';
import { SeededRandom } from './random.ts';
import { type ServerKind, SimulatedServer } from './signalling.ts';

export const serverUrl = 'ws://signal.test';

export class World {
  readonly clock = new SimulatedClock();
  readonly random: SeededRandom;
  readonly servers = new Map<string, SimulatedServer>();
  readonly server: SimulatedServer;
  readonly mediaNetwork: MediaNetwork;
  readonly phones: SimulatedPhone[] = [];
  /** Configuration of daemons that boot from now on: after this long without traffic a connection is closed. */
  peerIdleMs = 120_000;
  #processes = 0;

  /** `kind`: of the one server that there is to begin with. */
  constructor(options: { seed?: number; kind?: ServerKind } = {}) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.server = this.addServer(serverUrl, options.kind ?? 'keyed');
    this.mediaNetwork = new MediaNetwork(this.clock, this.random);
  }

  addServer(url: string, kind: ServerKind): SimulatedServer {
    const server = new SimulatedServer({ clock: this.clock, random: this.random, url, kind });
    this.servers.set(url, server);
    return server;
  }

  /** A phone whose daemon runs; its line is configured with the first `configure` or `goOnline`. `keyName`: whose key it has. */
  phone(id: string, options: { settings?: LineSettings; keyName?: string } = {}): SimulatedPhone {
    const settings = { server: serverUrl, displayName: `${id}’s phone`, ...options.settings };
    const phone = new SimulatedPhone(this, id, settings, options.keyName);
    this.phones.push(phone);
    return phone;
  }

  /** Numbers the lives of daemons, so that their connections have names of their own. */
  nextProcess(): number {
    this.#processes += 1;
    return this.#processes;
  }
}
