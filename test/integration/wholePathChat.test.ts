// Two games in two profiles, two daemons that they start by themselves, our signalling server: the whole path, as a player has it.
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

const series = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);

/** Bytes that the server forwarded, by the type of the message, and all that it received. */
async function passedBytes(): Promise<Record<string, number>> {
  const page = await (await server.page('/metrics')).text();
  const samples = page.matchAll(/^mosis_signalling_relayed_bytes_total\{type="(\w+)"\} (\d+)$/gm);
  const passed = [...samples].map(([, type, value]) => [type, Number(value)] as const).filter(([, value]) => value > 0);
  return { ...Object.fromEntries(passed), received: await server.metric('received_bytes_total') };
}

describe('two games with a phone each', () => {
  test('start a daemon each, see each other online and chat both ways', async () => {
    const [ada, bob] = await Promise.all([
      phone('ada').onlineGame(server.url, 'ada', { name: 'Ada' }),
      phone('bob').onlineGame(server.url, 'bob', { name: 'Bob' }),
    ]);
    await Promise.all([ada.seesPeer('bob'), bob.seesPeer('ada')]);
    expect(await ada.deliver('bob', 'hello')).toMatchObject({ confirmed: true });
    await bob.hears('ada', 'hello');
    expect(await bob.deliver('ada', 'hello yourself')).toMatchObject({ confirmed: true });
    await ada.hears('bob', 'hello yourself');
    expect(ada.daemonPid).not.toBe(bob.daemonPid);
  }, 30_000);

  test('keep the order of 200 messages each way at once', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    ada.do('sayn bob 200 a');
    bob.do('sayn ada 200 b');
    await ada.when('200 settled', () => ada.settlements.length === 200);
    await bob.when('200 settled', () => bob.settlements.length === 200);
    await ada.when('200 messages', () => ada.messages.length === 200);
    await bob.when('200 messages', () => bob.messages.length === 200);
    expect(bob.textsFrom('ada')).toEqual(series('a', 200));
    expect(ada.textsFrom('bob')).toEqual(series('b', 200));
    expect(ada.deliveredTexts()).toEqual(series('a', 200));
  }, 30_000);

  test('carry every UTF-8 text up to 64 KiB, and refuse a longer one in words', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    const texts = ['ä ☎ 日本語 \u{1f4de} e\u0301 \u202e\u200d', 'x'.repeat(65_536), '\u{1f4de}'.repeat(16_384)];
    for (const text of texts) await ada.say('bob', text);
    await bob.when('all texts', () => bob.messages.length === texts.length);
    expect(bob.textsFrom('ada')).toEqual(texts);
    expect(await ada.ask(`say bob ${'x'.repeat(65_537)}`)).toMatchObject({ result: -1 });
  }, 30_000);

  test('talk over a direct encrypted path: no byte of a text passes the server', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    await ada.deliver('bob', 'first');
    const statistics = await ada.ask('statistics bob');
    expect(statistics).toMatchObject({ state: 'open', plain: false, dtlsState: 'connected', rebuilds: 0 });
    expect(statistics.localCandidate).toMatch(/(host|prflx) UDP 127\.0\.0\.1:\d+/i);
    expect(statistics.remoteCandidate).toMatch(/(host|prflx) UDP 127\.0\.0\.1:\d+/i);

    const before = await passedBytes();
    for (const text of series('x'.repeat(60_000), 20)) await ada.say('bob', text);
    await bob.when('all texts', () => bob.messages.length === 21);
    expect(await passedBytes()).toEqual(before);
    expect(Object.keys(before).sort()).toEqual(['answer', 'candidate', 'offer', 'received']);
    expect(before.received).toBeLessThan(60_000);
  }, 30_000);

  test('talk to their daemons over tcp with CURVE as well, also after one was killed', async () => {
    const tcp = { MOSIS_TRANSPORT: 'tcp' };
    const ada = await phone('ada', {}, tcp).onlineGame(server.url);
    const bob = await phone('bob', {}, tcp).onlineGame(server.url);
    expect(ada.phone.endpoint).toMatchObject({
      endpoints: [expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/)],
      curveServerKey: expect.any(String),
    });
    await ada.deliver('bob', 'before');
    await ada.phone.killDaemon();
    await ada.deliver('bob', 'after');
    await bob.deliver('ada', 'I see');
    await ada.hears('bob', 'I see');
    await bob.hears('ada', 'after');
    expect(bob.textsFrom('ada')).toEqual(['before', 'after']);
  }, 40_000);
});
