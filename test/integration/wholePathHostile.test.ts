// Peers and servers that lie: nothing of theirs reaches a game, and the daemon lives on.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { encodePeer } from '../../proto/runtime/index.ts';
import { CrookedServer, ManInTheMiddle, swapFingerprints } from '../support/crookedServer.ts';
import type { Game } from '../support/game.ts';
import { HandmadePeer } from '../support/handmadePeer.ts';
import { Phone, phones } from '../support/phone.ts';
import { SignallingProcess } from '../support/signallingServer.ts';

describe('a hostile peer', () => {
  const adas = new Phone('ada');
  let server: SignallingProcess;
  let ada: Game;
  let peer: HandmadePeer;

  beforeAll(async () => {
    server = await SignallingProcess.start();
    ada = await adas.onlineGame(server.url);
  }, 30_000);
  afterAll(async () => {
    await adas.end();
    await server.stop();
  }, 30_000);
  afterEach(async () => {
    await peer.stop();
    // The daemon is the one that it was.
    expect(ada.states).toEqual(['ready']);
  });

  const malformed = async (): Promise<number> => Number((await ada.ask('status')).malformedMessages);
  const connected = async (id: string): Promise<HandmadePeer> => {
    peer = await HandmadePeer.register(server.url, id);
    await peer.connect('ada');
    return peer;
  };

  test('is refused message by message: garbage, strings, texts before hello; then it may still say who it is', async () => {
    const before = await malformed();
    const mallory = await connected('mallory');
    const wrong = ['c1', '93ffffff', '00'.repeat(50_000), '9201', `92cd0101${'91'.repeat(40)}`];
    for (const hex of wrong) mallory.bytes(Buffer.from(hex, 'hex'));
    mallory.string('{"type":"message","text":"plain where nothing is plain"}');
    mallory.text('before the hello', 1);
    mallory.bytes(encodePeer('peerStored', { uuids: [new Uint8Array(16)] }));
    mallory.hello();
    mallory.text('after the hello', 2);
    mallory.text('after the hello', 2);
    mallory.text('once more', 3);
    await ada.hears('mallory', 'once more');
    expect(ada.textsFrom('mallory')).toEqual(['after the hello', 'once more']);
    expect(await malformed()).toBe(before + wrong.length + 3);
    await ada.say('mallory', 'listening');
    expect(await mallory.until('peerText')).toMatchObject({ text: 'listening' });
  }, 30_000);

  test('loses the connection after 20 messages that cannot be used', async () => {
    const before = await malformed();
    const mallory = await connected('flood');
    for (let count = 0; count < 50; count += 1) mallory.bytes(new Uint8Array([0xc1]));
    await mallory.raw.until('channel', ({ state }) => state === 'closed');
    expect(await malformed()).toBe(before + 20);
  }, 30_000);

  test.each([
    ['a signature of nothing', { signature: new Uint8Array(64) }, {}, 'identityChanged'],
    ['the name of another phone', { phoneId: 'bob' }, { signerPhoneId: 'bob' }, 'identityChanged'],
    ['a hello that was meant for another phone', {}, { verifierPhoneId: 'bob' }, 'identityChanged'],
    ['a hello of another connection', {}, { connection: '0'.repeat(16) }, 'identityChanged'],
    ['a protocol of the future', { protocolMin: 99, protocolMax: 100 }, {}, 'protocolMismatch'],
  ] as const)(
    'is refused for %s, and what it says is not delivered',
    async (what, change, signed, code) => {
      const mallory = await connected(`mallory ${what.length}`);
      mallory.hello(change, signed);
      mallory.text('believe me', 4);
      expect(await mallory.until('peerRefused')).toMatchObject({ code });
      await mallory.raw.until('channel', ({ state }) => state === 'closed');
      await ada.ask('status');
      expect(ada.textsFrom(mallory.id)).toEqual([]);
    },
    30_000,
  );

  test('is refused for a hello over the fingerprints of another connection', async () => {
    const mallory = await connected('swapper');
    const [own, theirs] = mallory.fingerprints;
    mallory.hello({}, { signerFingerprint: theirs, verifierFingerprint: own });
    mallory.text('believe me', 5);
    expect(await mallory.until('peerRefused')).toMatchObject({ code: 'identityChanged' });
    expect(ada.textsFrom('swapper')).toEqual([]);
  }, 30_000);
});

describe('a server that does not only forward', () => {
  const phone = phones();
  let server: CrookedServer;

  beforeAll(async () => {
    server = await CrookedServer.start();
  });
  afterEach(() => server.behave());
  afterAll(async () => {
    await server.stop();
  });

  test('cannot make phones talk to another certificate: no connection comes about until it forwards what was said', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    server.crook = swapFingerprints;
    const messageId = await ada.say('bob', 'in confidence');
    await ada.phone.logged('two failures', ({ message }) => message === 'connection ended', 2);
    expect([...bob.messages, ...ada.settlements]).toEqual([]);
    server.behave();
    expect(await ada.settled(messageId, 30_000)).toMatchObject({ state: 'delivered', confirmed: true });
    await bob.hears('ada', 'in confidence');
  }, 60_000);

  test('cannot listen as a man in the middle with a connection to each phone', async () => {
    const ada = await phone('ada').onlineGame(server.url);
    const bob = await phone('bob').onlineGame(server.url);
    const man = new ManInTheMiddle();
    try {
      server.crook = man.crook;
      const messageId = await ada.say('bob', 'in confidence');
      await man.open;
      expect(await ada.settled(messageId, 30_000)).toMatchObject({
        ...{ state: 'failed', reason: 'identityChanged' },
        text: expect.stringContaining('somebody may stand between'),
      });
      // Each phone said who it is, and no more than that.
      expect(man.passed).toBeGreaterThanOrEqual(2);
      expect(man.passed).toBeLessThanOrEqual(4);
      expect(bob.messages).toEqual([]);
    } finally {
      await man.stop();
    }
    server.behave();
    await ada.deliver('bob', 'among ourselves');
    await bob.hears('ada', 'among ourselves');
    expect(bob.textsFrom('ada')).toEqual(['among ourselves']);
  }, 60_000);
});
