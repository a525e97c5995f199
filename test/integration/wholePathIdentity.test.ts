// Who is who: a phone that lost its key, and two phones under one id.
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

describe('a phone that comes back with another key', () => {
  test('gets nothing and is not listened to before the other side trusts it anew', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    await ada.deliver('bob', 'to the first');
    await bob.killed();
    await bob.phone.killDaemon();
    bob.phone.wipe();
    const other = await bob.phone.onlineGame(server.url);

    expect(await ada.ask('trust bob')).toMatchObject({ code: 'notFound' });
    expect(await ada.settled(await ada.say('bob', 'to whom?'), 30_000)).toMatchObject({
      ...{ state: 'failed', reason: 'identityChanged' },
      text: expect.stringContaining('peers.trust'),
    });
    const { fingerprint } = await ada.until('identityChanged', ({ peerId }) => peerId === 'bob');
    expect(fingerprint).toMatch(/^([0-9a-f]{4} ?)+$/);
    expect(await other.settled(await other.say('ada', 'it is me'), 30_000)).toMatchObject({
      reason: 'identityChanged',
    });
    expect([...ada.messages, ...other.messages]).toEqual([]);

    expect(await ada.ask('trust bob')).toMatchObject({ result: 0 });
    expect(await ada.deliver('bob', 'to the second')).toMatchObject({ confirmed: true });
    await other.deliver('ada', 'it is really me');
    await ada.hears('bob', 'it is really me');
    await other.hears('ada', 'to the second');
    expect(other.textsFrom('ada')).toEqual(['to the second']);
  }, 60_000);
});

describe('two phones under one id', () => {
  test('the second is refused while the first answers, says so, and gets the id once the first is gone', async () => {
    const carol = await phone('carol').onlineGame(server.url);
    const first = await phone('first').onlineGame(server.url, 'ada');
    const second = phone('second').game({ server: server.url, id: 'ada' });
    const refused = await second.until('line', ({ error }) => error === 'serverRefused');
    expect(refused).toMatchObject({ state: 'connecting', text: expect.stringContaining('use another id') });
    await carol.deliver('ada', 'to the first');
    await first.hears('carol', 'to the first');
    await first.phone.end();
    await second.online(30_000);
    // The key is another one, which carol has to be told of.
    expect(await carol.settled(await carol.say('ada', 'to the second'), 30_000)).toMatchObject({
      reason: 'identityChanged',
    });
    expect(second.messages).toEqual([]);
  }, 60_000);

  test('the second takes over from a first that does not answer, which then does not log in again by itself', async () => {
    const first = await phone('first').onlineGame(server.url, 'ada');
    first.phone.signalDaemon('SIGSTOP');
    const second = await phone('second').onlineGame(server.url, 'ada');
    // The game says hello again, with its line, to the daemon that was stopped.
    await first.when('reconnecting', () => first.states.at(-1) === 'reconnecting');
    first.phone.signalDaemon('SIGCONT');
    await first.ready();
    await first.when('taken over', () => first.line?.error === 'takenOver');
    expect(first.line).toMatchObject({ state: 'offline', text: expect.stringContaining('logged in elsewhere') });

    const carol = await phone('carol').onlineGame(server.url);
    await carol.deliver('ada', 'whom do I reach?');
    await second.hears('carol', 'whom do I reach?');
    await first.ask('status');
    expect(first.line).toMatchObject({ state: 'offline', error: 'takenOver' });
    expect(second.line).toMatchObject({ state: 'online' });
    expect(await server.metric('takeovers_total')).toBe(1);

    // A player may want it back.
    await second.phone.end();
    expect(await first.ask('configure')).toMatchObject({ result: 0 });
    await first.online();
  }, 60_000);
});
