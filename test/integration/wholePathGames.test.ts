// Games that die, stand still or share a daemon: each gets what is its own, once and in order.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventCategories } from '../../proto/dsl.ts';
import { phones } from '../support/phone.ts';
import { SignallingProcess } from '../support/signallingServer.ts';

const phone = phones();
let server: SignallingProcess;

beforeAll(async () => {
  server = await SignallingProcess.start();
});
afterAll(async () => {
  await server.stop();
});

const series = (prefix: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${prefix} ${first + index}`);

describe('a game that comes back', () => {
  test('gets what it never took before it was killed, and nothing twice', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    ada.do('sayn bob 20 taken');
    await bob.when('20 messages', () => bob.messages.length === 20);
    await bob.phone.taken(bob);
    bob.do('pause');
    ada.do('sayn bob 30 missed');
    await ada.when('50 settled', () => ada.settlements.length === 50);
    await bob.killed();

    const again = await bob.phone.onlineGame(server.url);
    await ada.deliver('bob', 'afterwards');
    await again.hears('ada', 'afterwards');
    expect(bob.textsFrom('ada')).toEqual(series('taken', 1, 20));
    expect(again.textsFrom('ada')).toEqual([...series('missed', 1, 30), 'afterwards']);
  }, 40_000);

  test('gets all that came meanwhile in order when it was stopped, and costs the daemon no memory', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    const long = 'x'.repeat(8192);
    // Code is compiled and caches are filled before the memory is measured.
    ada.do(`sayn bob 200 ${long}`);
    await ada.when('200 settled', () => ada.settlements.length === 200);
    await bob.when('200 messages', () => bob.messages.length === 200);
    const before = bob.phone.residentBytes(bob.daemonPid);
    bob.kill('SIGSTOP');
    ada.do(`sayn bob 3000 ${long}`);
    await ada.when('all delivered', () => ada.settlements.length === 3200, 90_000);
    // 24 MiB wait for it; 4 MiB may be on their way to it.
    expect(bob.phone.residentBytes(bob.daemonPid) - before).toBeLessThan(20 * 1024 * 1024);
    bob.kill('SIGCONT');
    await bob.when('all messages', () => bob.messages.length >= 3200, 30_000);
    expect(bob.textsFrom('ada')).toEqual([...series(long, 1, 200), ...series(long, 1, 3000)]);
  }, 120_000);
});

describe('a game that leaves', () => {
  test('is heard to its last word, also while events are on their way to it', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    const words = series('the last word of', 1, 20);
    bob.do('sayn ada 100000 noise');
    for (const text of words) {
      const leaver = await ada.phone.game({ server: server.url, id: 'ada' }).ready();
      leaver.do(`say bob ${text}\nquit`);
      await leaver.exited;
    }
    await bob.when('every last word', () => bob.messages.length === words.length);
    expect(bob.textsFrom('ada')).toEqual(words);
    const ends = ada.phone
      .logLines()
      .filter(({ message, event }) => message === 'session' && event !== 'helloAccepted');
    expect(ends.map(({ event }) => event)).toEqual(words.map(() => 'goodbyeReceived'));
  }, 60_000);
});

describe('several games on one daemon', () => {
  test('see the same when they share a line, nothing of another line, and no more than they asked for', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const shared = phone('shared');
    const one = await shared.onlineGame(server.url, 'one');
    const [twin, two, deaf] = await Promise.all([
      shared.onlineGame(server.url, 'one'),
      shared.onlineGame(server.url, 'two'),
      shared.onlineGame(server.url, 'one', { events: eventCategories.lines | eventCategories.peers }),
    ]);
    expect(new Set([one, twin, two, deaf].map((game) => game.daemonPid)).size).toBe(1);

    await ada.deliver('one', 'for one');
    await ada.deliver('two', 'for two');
    await Promise.all([one.hears('ada', 'for one'), twin.hears('ada', 'for one'), two.hears('ada', 'for two')]);
    expect(one.messages).toEqual(twin.messages.map((message) => ({ ...message, t: expect.anything() })));
    expect(one.textsFrom('ada')).toEqual(['for one']);
    expect(two.textsFrom('ada')).toEqual(['for two']);

    const { messageId } = await one.deliver('ada', 'from one');
    expect(await twin.settled(messageId)).toMatchObject({ state: 'delivered', confirmed: true });
    await deaf.seesPeer('ada');
    // An answer comes after every event that was sent before it.
    for (const game of [deaf, two]) await game.ask('status');
    expect([...deaf.messages, ...deaf.settlements, ...two.settlements]).toEqual([]);
  }, 40_000);

  test('chat with one another over two lines of one phone', async () => {
    const both = phone('both');
    const one = await both.onlineGame(server.url, 'one');
    const two = await both.onlineGame(server.url, 'two');
    await Promise.all([one.deliver('two', 'across'), two.deliver('one', 'the desk')]);
    await Promise.all([two.hears('one', 'across'), one.hears('two', 'the desk')]);
  }, 30_000);

  test('take over what waits on a line when they move to it', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const mover = phone('mover');
    const first = await mover.onlineGame(server.url, 'second');
    await first.quit();
    const game = await mover.onlineGame(server.url, 'first');
    // Younger than what waits: events are numbered over all lines.
    await ada.deliver('second', 'waits');
    await ada.deliver('first', 'now');
    await game.hears('ada', 'now');
    await game.ask('configure - second');
    await game.hears('ada', 'waits');
    expect(game.textsFrom('ada')).toEqual(['now', 'waits']);
  }, 30_000);
});
