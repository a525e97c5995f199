// kill -9 of the media children while two games chat: connections are rebuilt, the games notice nothing.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

describe('a stream of messages', () => {
  test('survives kill -9 of the media child of the sender and of the receiver: each message once and in order', async () => {
    const more = ['--request-queue', '16'];
    const ada = await phone('ada').onlineGame(server.url, 'ada', { more });
    const bob = await phone('bob').onlineGame(server.url, 'bob', { more });
    const texts = Array.from({ length: 600 }, (_, index) => `text ${index + 1}`);
    ada.do('sayn bob 600 text');
    for (const { at, victim } of [
      { at: 100, victim: ada },
      { at: 300, victim: bob },
    ]) {
      await bob.when(`${at} messages`, () => bob.messages.length >= at);
      process.kill(victim.phone.mediaPid, 'SIGKILL');
    }
    await ada.when('all settled', () => ada.settlements.length >= 600, 30_000);
    await bob.when('all messages', () => bob.messages.length >= 600);
    expect(bob.textsFrom('ada')).toEqual(texts);
    expect(ada.deliveredTexts()).toEqual(texts);
    for (const game of [ada, bob]) {
      expect(game.states).toEqual(['ready']);
      expect(await game.ask('status')).toMatchObject({ mediaRestarts: 1, outboxMessages: 0, malformedMessages: 0 });
    }
    expect(await ada.ask('statistics bob')).toMatchObject({ state: 'open', dtlsState: 'connected', rebuilds: 2 });
    // The side that lost its child built the connection anew; the other one did not have to find out.
    expect(ada.phone.logLines().filter(({ message }) => message === 'peer confirms nothing')).toEqual([]);
  }, 60_000);

  test('goes on in the other direction too after the receiver of it lost its media child while idle', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    await ada.deliver('bob', 'before');
    process.kill(ada.phone.mediaPid, 'SIGKILL');
    await ada.phone.logged('the end of the child', ({ message }) => message === 'Media child ended');
    await bob.deliver('ada', 'after');
    await ada.hears('bob', 'after');
  }, 30_000);
});
