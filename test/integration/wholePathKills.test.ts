// kill -9 of the daemons while two games chat: the games live on, and what was accepted arrives once and in order.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Game } from '../support/game.ts';
import { phones } from '../support/phone.ts';
import { SeededRandom } from '../support/seededRandom.ts';
import { SignallingProcess } from '../support/signallingServer.ts';

const phone = phones();
let server: SignallingProcess;

beforeAll(async () => {
  server = await SignallingProcess.start();
});
afterAll(async () => {
  await server.stop();
});

interface Kill {
  /** Once the receiver has polled so many messages. */
  readonly at: number;
  readonly victims: readonly Name[];
}
type Name = 'ada' | 'bob';

/** One kill somewhere in each equal part of `messages`: three of each daemon and one of both, in an order left to chance. */
function plan(random: SeededRandom, messages: number): Kill[] {
  const left: Name[][] = [['ada'], ['bob'], ['ada', 'bob'], ['ada'], ['bob'], ['ada'], ['bob']];
  const part = Math.floor(messages / left.length);
  const kills: Kill[] = [];
  while (left.length > 0) {
    const [victims = []] = left.splice(random.between(0, left.length), 1);
    kills.push({ at: kills.length * part + random.between(1, part), victims });
  }
  return kills;
}

/** Kills the daemon under a game and waits until the game has another one. */
async function killUnder(game: Game): Promise<void> {
  const seen = game.states.length;
  const pid = game.phone.signalDaemon('SIGKILL');
  await game.when('reconnecting', () => game.states.slice(seen).includes('reconnecting'));
  await game.when('ready again', () => game.states.slice(seen).at(-1) === 'ready');
  expect(game.daemonPid).not.toBe(pid);
}

/** Everything that `sender` had accepted for `receiver` was polled there once, in order, and settled here once. */
function expectExactlyOnce(sender: Game, receiver: Game, ids: { from: string; to: string }, count: number): void {
  const texts = Array.from({ length: count }, (_, index) => `${ids.from} ${index + 1}`);
  expect([...sender.refused]).toEqual([]);
  expect([...sender.accepted.keys()]).toEqual(texts);
  expect(receiver.textsFrom(ids.from)).toEqual(texts);
  const settled = sender.settlements.filter(({ peerId }) => peerId === ids.to);
  expect(settled.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(settled.map(({ messageId }) => messageId).sort((a, b) => a - b)).toEqual([...sender.accepted.values()]);
}

describe('a stream of messages', () => {
  test('survives kill -9 of either daemon: 1 000 messages there and 300 back arrive once and in order', async () => {
    const random = new SeededRandom(20_261_124);
    const kills = plan(random, 1000);
    // A short queue, so that the game goes on sending over all the kills.
    const more = ['--request-queue', '16'];
    const ada = await phone('ada').onlineGame(server.url, 'ada', { more });
    const bob = await phone('bob').onlineGame(server.url, 'bob', { more });
    const games = { ada, bob };
    ada.do('sayn bob 1000 ada');
    bob.do('sayn ada 300 bob');
    try {
      for (const { at, victims } of kills) {
        await bob.when(`${at} messages`, () => bob.messages.length >= at, 30_000);
        await Promise.all(victims.map((name) => killUnder(games[name])));
      }
      await bob.when('all messages', () => bob.messages.length >= 1000, 30_000);
      await ada.when('all messages back', () => ada.messages.length >= 300, 30_000);
      await ada.when('all settled', () => ada.settlements.length >= 1000, 30_000);
      await bob.when('all settled', () => bob.settlements.length >= 300, 30_000);
      expectExactlyOnce(ada, bob, { from: 'ada', to: 'bob' }, 1000);
      expectExactlyOnce(bob, ada, { from: 'bob', to: 'ada' }, 300);
      for (const game of [ada, bob]) expect(new Set(game.states)).toEqual(new Set(['ready', 'reconnecting']));
    } catch (error) {
      throw new Error(`seed ${random.seed}, kills ${JSON.stringify(kills)}: ${(error as Error).message}`);
    }
  }, 120_000);

  test('survives a daemon that stands still: what it did not confirm comes once and in order when it goes on', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    ada.do('sayn bob 300 ada');
    bob.do('sayn ada 300 bob');
    await bob.when('50 messages', () => bob.messages.length >= 50);
    const pid = bob.phone.signalDaemon('SIGSTOP');
    await ada.phone.logged('silence', ({ message }) => message === 'peer confirms nothing');
    await bob.when('reconnecting', () => bob.states.at(-1) === 'reconnecting');
    bob.phone.signalDaemon('SIGCONT');
    for (const game of [ada, bob]) {
      await game.when('all messages', () => game.messages.length >= 300 && game.settlements.length >= 300, 30_000);
    }
    expectExactlyOnce(ada, bob, { from: 'ada', to: 'bob' }, 300);
    expectExactlyOnce(bob, ada, { from: 'bob', to: 'ada' }, 300);
    expect(bob.daemonPid).toBe(pid);
  }, 60_000);
});
