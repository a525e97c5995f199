// What must hold whatever happens between the phones: tested over random storms.
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { SimulatedPhone } from '../../support/simulation/phone.ts';
import { mildStorms, type Sent, type Storm, StormRun, storms } from '../../support/simulation/storm.ts';

const seed = 20_261;
const numRuns = 200;

/** What is wrong with one message: nothing, hopefully. */
function faultOf({ from, to, messageId, text }: Sent): string[] {
  const state = from.outcome(messageId)?.state ?? 'unsettled';
  const copies = to.textsFrom(from.id).filter((one) => one === text).length;
  const right = (state === 'delivered' && copies === 1) || (state === 'failed' && copies <= 1);
  return right ? [] : [`${messageId} from ${from.id} to ${to.id} is ${state} and arrived ${copies} times`];
}

/** Texts are numbered over the whole storm, so those of one sender to one receiver grow. */
function inOrder(receiver: SimulatedPhone, sender: SimulatedPhone): boolean {
  const numbers = receiver.textsFrom(sender.id).map(Number);
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
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
        expect(sent.flatMap(faultOf)).toEqual([]);
        expect(phones.every((receiver) => phones.every((sender) => inOrder(receiver, sender)))).toBe(true);
        world.clock.advance(400_000);
        expect(world.mediaNetwork.size).toBe(0);
        expect(phones.flatMap((phone) => phone.warnings())).toEqual([]);
        expect(phones.map((phone) => phone.timers)).toEqual(phones.map(() => 0));
        for (const phone of phones) phone.stop();
        expect(world.clock.pending).toBe(0);
      }),
      { seed, numRuns },
    );
  });

  it('have lost no message where nobody stayed away for long', () => {
    fc.assert(
      fc.property(mildStorms, (storm) => {
        const { sent } = weathered(storm);
        expect(sent.filter(({ from, messageId }) => from.outcome(messageId)?.state !== 'delivered')).toEqual([]);
      }),
      { seed: seed + 2, numRuns: numRuns / 2 },
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
        const states = greetings.map(({ from, messageId }) => from.outcome(messageId)?.state);
        expect(new Set(states)).toEqual(new Set(['delivered']));
        world.clock.advance(30_000);
        expect(world.mediaNetwork.pairs()).toHaveLength((phones.length * (phones.length - 1)) / 2);
        expect(world.mediaNetwork.size).toBe(phones.length * (phones.length - 1));
      }),
      { seed: seed + 1, numRuns: numRuns / 2 },
    );
  });
});
