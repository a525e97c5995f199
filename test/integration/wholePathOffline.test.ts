// What a player is told when a peer or the server is not there, and how everything comes back by itself.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Settled } from '../support/game.ts';
import { JsonLineProcess } from '../support/jsonLineProcess.ts';
import { Phone, phones } from '../support/phone.ts';
import { freePort, SignallingProcess } from '../support/signallingServer.ts';

const phone = phones();
let server: SignallingProcess;
let specServer: JsonLineProcess;

type Outcome = Partial<Settled> & { readonly afterMs?: number };

/** Run beside the other tests: these messages take their 20 s to fail. An error is an outcome, too, until somebody looks at it. */
const lonely = [new Phone('lonely'), new Phone('cut-off')] as const;
let outcomes: Promise<Outcome>[] = [];

beforeAll(async () => {
  specServer = new JsonLineProcess('test/support/specServer.mjs');
  const { url } = await specServer.until('listening');
  const urls = [String(url), `ws://127.0.0.1:${await freePort()}`];
  outcomes = lonely.map((one, index) => sendAlone(one, String(urls[index])).catch((error) => error as Outcome));
  server = await SignallingProcess.start();
});
afterAll(async () => {
  await Promise.all(lonely.map((one) => one.end()));
  await Promise.all([specServer.stop(), server.stop()]);
}, 30_000);

/** A message to somebody whom nobody knows. */
async function sendAlone(from: Phone, url: string): Promise<Outcome> {
  const game = await from.game({ server: url, id: 'lonely' }).ready();
  const messageId = await game.say('nobody', 'is there anybody?');
  const sentAt = performance.now();
  const settled = await game.settled(messageId, 40_000);
  return { ...settled, afterMs: performance.now() - sentAt };
}

describe('a line whose server does not run', () => {
  test('says so in words, and is online by itself once the server runs', async () => {
    const port = await freePort();
    const game = phone('ada').game({ server: `ws://127.0.0.1:${port}`, id: 'ada' });
    const line = await game.until('line', ({ error }) => error === 'serverUnreachable');
    expect(line).toMatchObject({ state: 'connecting', text: expect.stringContaining(`127.0.0.1:${port}`) });
    expect(line.text).toMatch(/is the signalling server running/);
    const late = await SignallingProcess.start('--port', String(port));
    await game.online();
    expect(game.line).not.toHaveProperty('error');
    await late.stop();
  }, 40_000);

  test('comes back when the server was killed and runs again; peers chat meanwhile over the connection that they have', async () => {
    const port = await freePort();
    const first = await SignallingProcess.start('--port', String(port));
    const ada = await phone('ada').onlineGame(first.url);
    const bob = await phone('bob').onlineGame(first.url);
    await ada.deliver('bob', 'before');
    const path = async (): Promise<unknown> => {
      const { localCandidate, remoteCandidate, rebuilds } = await ada.ask('statistics bob');
      return { localCandidate, remoteCandidate, rebuilds };
    };
    const before = await path();
    first.process.kill('SIGKILL');
    for (const game of [ada, bob]) await game.until('line', ({ error }) => error === 'serverUnreachable');
    await ada.deliver('bob', 'without a server');
    await bob.deliver('ada', 'none is needed');
    const second = await SignallingProcess.start('--port', String(port));
    await Promise.all([ada.online(), bob.online()]);
    await Promise.all([ada.seesPeer('bob'), bob.seesPeer('ada')]);
    await ada.deliver('bob', 'afterwards');
    expect(await path()).toEqual(before);
    await bob.hears('ada', 'afterwards');
    expect(bob.textsFrom('ada')).toEqual(['before', 'without a server', 'afterwards']);
    await second.stop();
  }, 60_000);

  test('does not come back in the same instant as four others', async () => {
    const port = await freePort();
    const first = await SignallingProcess.start('--port', String(port));
    const names = ['one', 'two', 'three', 'four', 'five'];
    const games = await Promise.all(names.map((name) => phone(name).onlineGame(first.url)));
    first.process.kill('SIGKILL');
    const lines = await Promise.all(
      games.map((game) => game.until('line', ({ retryInMs }) => retryInMs !== undefined)),
    );
    const waits = lines.map(({ retryInMs }) => Number(retryInMs));
    // Over half a second, five within 20 ms come about once in 80 000 times.
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(20);
    const second = await SignallingProcess.start('--port', String(port));
    await Promise.all(games.map((game) => game.online()));
    await second.stop();
  }, 60_000);
});

describe('a message that cannot be delivered', () => {
  test('fails with peerOffline after some seconds when the server says that nobody has that id', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const sentAt = performance.now();
    const settled = await ada.settled(await ada.say('nobody', 'hello?'));
    expect(settled).toMatchObject({ state: 'failed', confirmed: false, reason: 'peerOffline' });
    expect(settled.text).toMatch(/^nobody is not online at ws:/);
    expect(performance.now() - sentAt).toBeLessThan(8000);
  }, 30_000);

  test('fails with peerUnreachable within 25 s where the server says nothing of it', async () => {
    const settled = await outcomes[0];
    expect(settled).toMatchObject({ state: 'failed', confirmed: false, reason: 'peerUnreachable' });
    expect(settled?.text).toMatch(/nobody/);
    expect(settled?.afterMs).toBeLessThan(25_000);
  }, 60_000);

  test('fails with serverUnreachable within 25 s where there is no server', async () => {
    const settled = await outcomes[1];
    expect(settled).toMatchObject({ state: 'failed', confirmed: false, reason: 'serverUnreachable' });
    expect(settled?.text).toMatch(/nobody/);
    expect(settled?.afterMs).toBeLessThan(25_000);
  }, 60_000);
});
