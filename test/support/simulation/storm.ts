// A storm: phones that chat while signals are lost, connections break, media children and whole daemons die. And what must be true
// once the weather is calm again.
import * as fc from 'fast-check';
import type { SimulatedPhone } from './phone.ts';
import { presence, type ServerKind } from './signalling.ts';
import { calm } from './weather.ts';
import { World } from './world.ts';

export type Step =
  | { readonly do: 'send'; readonly from: number; readonly to: number; readonly count: number }
  | {
      readonly do: 'killDaemon' | 'crashMedia' | 'cutSignalling' | 'closeLine';
      readonly phone: number;
      readonly forMs: number;
    }
  | { readonly do: 'breakConnections' | 'silenceConnections' }
  | { readonly do: 'serverDown'; readonly forMs: number };

export interface Storm {
  readonly seed: number;
  readonly kind: ServerKind;
  readonly phones: number;
  readonly loss: number;
  readonly duplicates: number;
  readonly reorders: boolean;
  /** The server's word on who is there always arrives. */
  readonly sparesPresence: boolean;
  readonly slow: boolean;
  readonly steps: readonly { readonly afterMs: number; readonly step: Step }[];
}

export interface Sent {
  readonly from: SimulatedPhone;
  readonly to: SimulatedPhone;
  readonly messageId: number;
  readonly text: string;
}

/** Longer than any message may stay unsettled once the weather is calm: the limits of core, twice. */
const settleLimitMs = 60_000;

const afterMs = fc.oneof({ weight: 3, arbitrary: fc.nat(60) }, { weight: 2, arbitrary: fc.nat(3000) }, fc.nat(12_000));
const forMs = fc.oneof(fc.nat(500), fc.nat(8000));
const phone = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      from: phone,
      to: phone,
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      from: phone,
      to: phone,
      count: fc.integer({ min: 60, max: 150 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('killDaemon' as const, 'crashMedia' as const, 'cutSignalling' as const, 'closeLine' as const),
      phone,
      forMs,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('breakConnections' as const, 'silenceConnections' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('serverDown' as const), forMs }) },
);

export const storms: fc.Arbitrary<Storm> = fc.record({
  seed: fc.nat(),
  kind: fc.constantFrom<ServerKind>('keyed', 'plain'),
  phones: fc.integer({ min: 2, max: 3 }),
  loss: fc.constantFrom(0, 0, 0.1, 0.4),
  duplicates: fc.constantFrom(0, 0, 0.2),
  reorders: fc.boolean(),
  sparesPresence: fc.boolean(),
  slow: fc.boolean(),
  steps: fc.array(fc.record({ afterMs, step }), { maxLength: 30, size: 'max' }),
});

/** Whatever breaks is back within a second, no line is closed, and signals are only late. */
export const mildStorms: fc.Arbitrary<Storm> = storms.map((storm) => ({
  ...storm,
  ...{ loss: 0, duplicates: 0, reorders: false },
  steps: storm.steps
    .filter(({ step: { do: what } }) => what !== 'closeLine')
    .map(({ afterMs: waitMs, step: one }) => ({
      afterMs: waitMs,
      step: 'forMs' in one ? { ...one, forMs: Math.min(one.forMs, 1000) } : one,
    })),
}));

export class StormRun {
  readonly world: World;
  readonly phones: SimulatedPhone[];
  readonly sent: Sent[] = [];
  readonly #storm: Storm;

  constructor(storm: Storm) {
    this.#storm = storm;
    this.world = new World({ seed: storm.seed, kind: storm.kind });
    this.phones = ['ada', 'bob', 'cyd'].slice(0, storm.phones).map((id) => this.world.phone(id));
    for (const one of this.phones) one.goOnline();
  }

  /** The storm, then calm weather until everything that was accepted is settled. */
  run(): void {
    this.#badWeather();
    for (const { afterMs: waitMs, step: next } of this.#storm.steps) {
      this.world.clock.advance(waitMs);
      this.#do(next);
    }
    this.world.clock.advance(8000);
    this.#calmDown();
    const settled = (): boolean => this.phones.every((one) => one.store.outboxCount() === 0);
    this.world.clock.until(() => settled() && this.phones.every((one) => one.info.state === 'online'), settleLimitMs);
    this.world.clock.advance(100);
  }

  #badWeather(): void {
    const { loss, duplicates, reorders, sparesPresence, slow } = this.#storm;
    const { server, mediaNetwork } = this.world;
    server.weather = { delayMs: slow ? [1, 300] : [1, 5], loss, duplicates, reorders };
    if (sparesPresence) server.spared = [...server.spared, ...presence];
    mediaNetwork.connectMs = slow ? [20, 2000] : [20, 60];
    mediaNetwork.delayMs = slow ? [1, 150] : [1, 2];
    mediaNetwork.lossAtEnd = 0.5;
  }

  #calmDown(): void {
    const { server, mediaNetwork } = this.world;
    server.weather = calm;
    mediaNetwork.connectMs = [20, 20];
    mediaNetwork.delayMs = [1, 1];
    mediaNetwork.lossAtEnd = 0;
  }

  #do(next: Step): void {
    switch (next.do) {
      case 'send':
        this.#send(next.from % this.phones.length, next.to % this.phones.length, next.count);
        return;
      case 'breakConnections':
        for (const [one] of this.world.mediaNetwork.pairs()) one.break();
        return;
      case 'silenceConnections':
        for (const [one] of this.world.mediaNetwork.pairs()) one.silent = true;
        return;
      case 'serverDown':
        this.world.server.goDown();
        this.world.clock.after(next.forMs, () => this.world.server.comeUp());
        return;
      default:
        this.#harm(this.phones[next.phone % this.phones.length] as SimulatedPhone, next.do, next.forMs);
    }
  }

  #send(from: number, to: number, count: number): void {
    const sender = this.phones[from] as SimulatedPhone;
    const receiver = this.phones[to] as SimulatedPhone;
    if (from === to || !sender.running) return;
    for (let i = 0; i < count; i += 1) {
      const text = `${this.sent.length}`;
      this.sent.push({ from: sender, to: receiver, text, messageId: sender.send(receiver.id, text) });
    }
  }

  #harm(one: SimulatedPhone, how: 'killDaemon' | 'crashMedia' | 'cutSignalling' | 'closeLine', forMs: number): void {
    if (!one.running) return;
    if (how === 'crashMedia') one.media.crash();
    else if (how === 'cutSignalling') this.world.server.cut(one.id);
    else if (how === 'closeLine') {
      one.phone.closeLine(one.lineId, 1);
      this.world.clock.after(forMs, () => {
        if (one.running) one.configure();
      });
    } else {
      one.kill();
      this.world.clock.after(forMs, () => {
        one.boot();
        one.configure();
      });
    }
  }
}
