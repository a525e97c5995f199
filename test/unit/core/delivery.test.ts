// What must hold whatever happens between the phones: tested over random storms.
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { SimulatedPhone } from '../../support/simulation/phone.ts';
import { type Sent, type Storm, StormRun, storms } from '../../support/simulation/storm.ts';

const seed = 20_261;
const numRuns = 200;

/** Texts are numbered over the whole storm, so those of one sender to one receiver grow. */
function expectOrdered(receiver: SimulatedPhone, sender: SimulatedPhone): void {
  const numbers = receiver.textsFrom(sender.id).map(Number);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
}

function expectSettledOnce({ from, to, messageId, text }: Sent): void {
  const outcome = from.outcome(messageId);
  const copies = to.textsFrom(from.id).filter((one) => one === text).length;
  if (outcome?.state === 'delivered') expect(copies).toBe(1);
  else if (outcome?.state === 'failed') expect(copies).toBeLessThanOrEqual(1);
  else throw new Error(`message ${messageId} of ${from.id} was never settled`);
}

function weathered(storm: Storm): StormRun {
  const run = new StormRun(storm);
  run.run();
  return run;
}

describe('phones after a storm', () => {
  it('have delivered every message exactly once and in order, or reported it failed; nothing runs on', () => {
    fc.assert(
      fc.property(storms, (storm) => {
        const { world, phones, sent } = weathered(storm);
        for (const one of sent) expectSettledOnce(one);
        for (const receiver of phones) for (const sender of phones) expectOrdered(receiver, sender);
        world.clock.advance(400_000);
        expect(world.mediaNetwork.size).toBe(0);
        for (const phone of phones) {
          expect(phone.warnings()).toEqual([]);
          expect(phone.timers).toBe(0);
          phone.stop();
        }
        expect(world.clock.pending).toBe(0);
      }),
      { seed, numRuns },
    );
  });

  it('reach each other again, each pair over one connection', () => {
    fc.assert(
      fc.property(storms, (storm) => {
        const { world, phones } = weathered({ ...storm, sparesPresence: true });
        const greetings = phones.flatMap((from) =>
          phones.filter((to) => to !== from).map((to) => ({ from, messageId: from.send(to.id, 'still there?') })),
        );
        world.clock.until(() => greetings.every(({ from, messageId }) => from.outcome(messageId)), 20_000);
        for (const { from, messageId } of greetings) expect(from.outcome(messageId)?.state).toBe('delivered');
        world.clock.advance(30_000);
        expect(world.mediaNetwork.pairs()).toHaveLength((phones.length * (phones.length - 1)) / 2);
        expect(world.mediaNetwork.size).toBe(phones.length * (phones.length - 1));
      }),
      { seed: seed + 1, numRuns: numRuns / 2 },
    );
  });
});
