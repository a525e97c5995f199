// Phones and servers that know the specification alone: our daemons live with both. Every rule holds on our server and on the one that
// the specification prints.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { JsonLineProcess } from '../support/jsonLineProcess.ts';
import { phones } from '../support/phone.ts';
import { plainPhones } from '../support/plainPhone.ts';

const phone = phones();
const plainPhone = plainPhones();

const servers = [
  { name: 'our server', script: 'server/signalling/main.ts', options: ['--port', '0', '--json'], listsPeers: true },
  { name: 'the server of the specification', script: 'test/support/specServer.mjs', options: [], listsPeers: false },
];

describe.each(servers)('on $name', ({ script, options, listsPeers }) => {
  let server: JsonLineProcess;
  let url: string;

  beforeAll(async () => {
    server = new JsonLineProcess(script, options);
    url = String((await server.until('listening')).url);
  });
  afterAll(async () => {
    await server.stop();
  });

  test('two daemons chat, whether or not the later one is told who is there', async () => {
    const ada = await phone('ada').onlineGame(url);
    const bob = await phone('bob').onlineGame(url);
    await ada.seesPeer('bob');
    if (listsPeers) await bob.seesPeer('ada');
    else expect([...bob.onlinePeers]).toEqual([]);
    expect(await bob.deliver('ada', 'are you there?')).toMatchObject({ confirmed: true });
    await ada.hears('bob', 'are you there?');
    // A connection says as much as a list.
    await bob.seesPeer('ada');
    expect(await ada.deliver('bob', 'yes')).toMatchObject({ confirmed: true });
    expect(await ada.ask('statistics bob')).toMatchObject({ state: 'open', plain: false });
  }, 40_000);

  test('a daemon offers to a plain phone, which need not confirm what it gets', async () => {
    const paul = await plainPhone(url, 'paul');
    const ada = await phone('ada').onlineGame(url);
    expect(await ada.deliver('paul', 'hello ☎')).toMatchObject({ state: 'delivered', confirmed: false });
    await paul.hears('ada', 'hello ☎');
    paul.say('ada', 'hello Ada ☎');
    await ada.hears('paul', 'hello Ada ☎');
    expect(await ada.ask('statistics paul')).toMatchObject({ state: 'open', plain: true, dtlsState: 'connected' });
    // The plain phone met nothing but string messages on one channel.
    expect(paul.events.items.filter(({ event }) => event === 'binary' || event === 'other')).toEqual([]);
  }, 40_000);

  test('a plain phone offers to a daemon, candidates without a mid and with "a=" in front', async () => {
    const ada = await phone('ada').onlineGame(url);
    const paul = await plainPhone(url, 'paul');
    await paul.connect('ada');
    paul.say('ada', 'first');
    await ada.hears('paul', 'first');
    expect(await ada.deliver('paul', 'second')).toMatchObject({ confirmed: false });
    await paul.hears('ada', 'second');
    expect(ada.textsFrom('paul')).toEqual(['first']);
  }, 40_000);

  test('a game may connect before it says who it is', async () => {
    const paul = await plainPhone(url, 'paul');
    const game = await phone('ada').game().ready();
    expect(await game.ask(`configure ${url}`)).toMatchObject({ state: 'unconfigured' });
    expect(await game.ask('say paul too early')).toMatchObject({ code: 'lineNotConfigured' });
    expect(await game.ask('configure - ada Ada')).toMatchObject({ result: 0 });
    await game.online();
    await paul.signalled('peer_joined', ({ id, name }) => id === 'ada' && name === 'Ada');
    await game.deliver('paul', 'now');
    await paul.hears('ada', 'now');
  }, 40_000);

  test('a daemon and a plain phone that offer at the same moment end in a working chat', async () => {
    const ada = await phone('ada').onlineGame(url);
    const paul = await plainPhone(url, 'paul');
    await ada.seesPeer('paul');
    // Both offers reach the server before it forwards either.
    server.kill('SIGSTOP');
    const messageId = await ada.say('paul', 'at once');
    paul.send({ do: 'offer', to: 'ada' });
    await paul.until('state', ({ state }) => state === 'connecting');
    // The media child answers after it has made the offer.
    expect(await ada.ask('statistics paul')).toMatchObject({ state: 'connecting' });
    server.kill('SIGCONT');
    expect(await ada.settled(messageId, 30_000)).toMatchObject({ state: 'delivered' });
    await paul.hears('ada', 'at once');
    paul.say('ada', 'both of us');
    await ada.hears('paul', 'both of us');
    await ada.deliver('paul', 'go on');
    await paul.hears('ada', 'go on');
  }, 60_000);

  test('a peer whose key is pinned is not downgraded to a plain one, whoever offers', async () => {
    const ada = await phone('ada').onlineGame(url);
    const bob = await phone('bob').onlineGame(url);
    await ada.deliver('bob', 'here is my key');
    await bob.phone.end();
    await ada.seesPeer('bob', false);
    const impostor = await plainPhone(url, 'bob');
    await ada.seesPeer('bob');
    expect(await ada.settled(await ada.say('bob', 'a secret'), 30_000)).toMatchObject({
      ...{ state: 'failed', reason: 'identityChanged' },
      text: expect.stringContaining('peers.trust'),
    });
    impostor.send({ do: 'offer', to: 'ada' });
    await ada.phone.logged(
      'the refusal',
      ({ message }) => message === 'plain offer of a peer whose key is pinned: refused',
    );
    expect(impostor.events.items.filter(({ event }) => event === 'message' || event === 'channel')).toEqual([]);
    expect(ada.textsFrom('bob')).toEqual([]);
  }, 60_000);
});
