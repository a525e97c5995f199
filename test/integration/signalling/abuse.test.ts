import { afterEach, describe, expect, test } from '@jest/globals';
import { PlainSocket } from '../../support/plainSocket.ts';
import { SignallingProcess } from '../../support/signallingServer.ts';

describe('signalling server and clients that misbehave', () => {
  let server: SignallingProcess | undefined;
  const start = async (...options: string[]): Promise<SignallingProcess> => {
    server = await SignallingProcess.start('--connects-per-10s', '2000', ...options);
    return server;
  };
  afterEach(async () => {
    const code = await server?.stop();
    server = undefined;
    expect(code).toBe(0);
  });

  const bad: [what: string, message: string | Buffer, says: RegExp][] = [
    ['text that is not JSON', '{"type":"register"', /not JSON/],
    ['an array', '[]', /not an object/],
    ['null', 'null', /not an object/],
    ['no type', '{"id":"ada"}', /type is missing/],
    ['a type that is no text', '{"type":7}', /type/],
    ['no id', '{"type":"register"}', /misses id/],
    ['an empty id', '{"type":"register","id":""}', /id is empty/],
    ['an id that is no text', '{"type":"register","id":7}', /register\.id is not a text/],
    ['an id that is too long', JSON.stringify({ type: 'register', id: 'é'.repeat(65) }), /register\.id has 130 bytes/],
    ['half a surrogate pair', '{"type":"register","id":"\\ud800"}', /register\.id holds/],
    ['a field of the wrong type', '{"type":"call_request","to":"ada","video":"yes"}', /video is not a boolean/],
    ['a recipient that is no text', '{"type":"weather","to":{}}', /to is not the id/],
    ['no recipient', '{"type":"offer","sdp":"x"}', /offer misses to/],
    ['an unknown type without recipient', '{"type":"weather"}', /not known here/],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe]), /not UTF-8/],
    ['too deep nesting', `{"type":"x","to":"b","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /nested deeper/],
  ];
  test('name what is wrong with a bad message, repeat none of it, and go on', async () => {
    const { url } = await start();
    for (const [what, message, says] of bad) {
      const socket = await PlainSocket.open(url);
      socket.ws.send(message);
      const error = await socket.until('error');
      expect([what, error]).toEqual([
        what,
        expect.objectContaining({ code: 'badMessage', text: expect.stringMatching(says) }),
      ]);
      socket.send({ type: 'register', id: what });
      await socket.until('peer_joined');
      socket.close();
    }
    expect(server?.process.errors).toBe('');
  });

  test('are closed with 1008 after 20 bad messages', async () => {
    const { url } = await start();
    const socket = await PlainSocket.open(url);
    for (let i = 0; i < 20; i++) socket.send('garbage');
    expect(await socket.closed).toMatchObject({ code: 1008 });
    expect(socket.inbox.items).toHaveLength(20);
  });

  test('are told of a message over 128 KiB and stay connected', async () => {
    const { url } = await start();
    const ada = await PlainSocket.register(url, 'ada');
    ada.send({ type: 'x', to: 'ada', text: 'x'.repeat(131_072) });
    expect(await ada.until('error')).toMatchObject({ code: 'tooLarge', text: expect.stringContaining('131072') });
    ada.send({ type: 'x', to: 'ada', text: 'x'.repeat(131_000) });
    expect(await ada.until('x')).toMatchObject({ from: 'ada' });
  });

  test('are cut off with 1009 at a frame of 10 MB, without harm to the others', async () => {
    const { url } = await start();
    const ada = await PlainSocket.register(url, 'ada');
    const eve = await PlainSocket.register(url, 'eve');
    eve.ws.send(Buffer.alloc(10_000_000, 0x20));
    expect(await eve.closed).toMatchObject({ code: 1009 });
    expect(await ada.until('peer_left')).toEqual({ type: 'peer_left', id: 'eve' });
    expect(await server?.metric('refusals_total{reason="tooLarge"}')).toBe(1);
    expect(await server?.metric('resident_memory_bytes')).toBeLessThan(200e6);
  });

  test('may send a burst of 120, then are told once that the rest is dropped', async () => {
    // So slow a rate that nothing to speak of is earned during the burst.
    const { url } = await start('--messages-per-second', '1');
    const ada = await PlainSocket.register(url, 'ada');
    const bob = await PlainSocket.register(url, 'bob');
    for (let i = 0; i < 200; i++) ada.send({ type: 'candidate', to: 'bob', candidate: `candidate:${i}` });
    expect(await ada.until('error')).toMatchObject({ code: 'rateLimited' });
    await ada.settled();
    await bob.settled();
    const arrived = bob.inbox.items.filter(({ type }) => type === 'candidate').map(({ candidate }) => candidate);
    // One of the 120 went for the register.
    expect(arrived.slice(0, 119)).toEqual(Array.from({ length: 119 }, (_, i) => `candidate:${i}`));
    expect(arrived.length).toBeLessThan(130);
    // The ping of `settled` was over the rate, too.
    expect(await server?.metric('refusals_total{reason="rateLimited"}')).toBe(201 - arrived.length);
    expect(bob.ws.readyState).toBe(bob.ws.OPEN);
  });

  test('are closed with 1008 when they never slow down', async () => {
    const { url } = await start('--max-dropped-messages', '100');
    const ada = await PlainSocket.register(url, 'ada');
    for (let i = 0; i < 300; i++) ada.send({ type: 'call_end', to: 'ada' });
    expect(await ada.closed).toMatchObject({ code: 1008, reason: 'too many messages' });
  });

  test('are closed with 1008 when they do not register', async () => {
    const { url } = await start('--register-within-ms', '300');
    const silent = await PlainSocket.open(url);
    expect(await silent.until('error')).toMatchObject({ code: 'notRegistered' });
    expect(await silent.closed).toMatchObject({ code: 1008 });
  });

  test('are dropped when they answer no ping, and the others are told', async () => {
    const { url } = await start('--heartbeat-ms', '200');
    const ada = await PlainSocket.register(url, 'ada');
    const dead = await PlainSocket.open(url, [], { autoPong: false });
    dead.send({ type: 'register', id: 'dead' });
    expect(await ada.until('peer_left')).toEqual({ type: 'peer_left', id: 'dead' });
    expect(await dead.closed).toMatchObject({ code: 1006 });
    expect(await server?.metric('refusals_total{reason="silent"}')).toBe(1);
    expect(ada.ws.readyState).toBe(ada.ws.OPEN);
  });

  test('are closed with 1013 when they do not read, and cost no memory', async () => {
    const { url } = await start('--message-burst', '10000', '--messages-per-second', '10000');
    const ada = await PlainSocket.register(url, 'ada');
    const slow = await PlainSocket.register(url, 'slow');
    slow.ws.pause();
    const gone = ada.until('peer_left', ({ id }) => id === 'slow', 20_000);
    const sdp = 'x'.repeat(60_000);
    let sending = true;
    const flood = (async () => {
      while (sending) {
        ada.send({ type: 'offer', to: 'slow', sdp });
        await ada.settled();
      }
    })();
    await gone;
    sending = false;
    await flood;
    expect(await ada.until('error')).toMatchObject({ code: 'unreachable', to: 'slow' });
    expect(await server?.metric('refusals_total{reason="slowReader"}')).toBe(1);
    expect(await server?.metric('resident_memory_bytes')).toBeLessThan(200e6);
    slow.ws.resume();
    expect([1006, 1013]).toContain((await slow.closed).code);
  });

  test('get HTTP 429 after too many connects, and nobody else does', async () => {
    const { url } = await start('--connects-per-10s', '5', '--trust-proxy');
    const from = (address: string) =>
      PlainSocket.open(url, [], { headers: { 'x-forwarded-for': `forged, ${address}` } });
    for (let i = 0; i < 5; i++) await from('192.0.2.1');
    await expect(from('192.0.2.1')).rejects.toThrow('HTTP 429');
    await from('192.0.2.2');
    expect(await server?.metric('refusals_total{reason="connectRate"}')).toBe(1);
  });

  test('get HTTP 503 when the server is full', async () => {
    const { url } = await start('--max-sockets', '3');
    for (let i = 0; i < 3; i++) await PlainSocket.open(url);
    await expect(PlainSocket.open(url)).rejects.toThrow('HTTP 503');
  });

  test('find a room full', async () => {
    const { url } = await start('--max-room-clients', '2');
    await PlainSocket.register(url, 'ada');
    const bob = await PlainSocket.register(url, 'bob');
    const late = await PlainSocket.open(url);
    late.send({ type: 'register', id: 'late' });
    expect(await late.until('error')).toMatchObject({ code: 'roomFull', request: 'register' });
    bob.send({ type: 'register', id: 'bobby' });
    await bob.until('peer_joined', ({ id }) => id === 'bobby');
    await PlainSocket.register(`${url}/other`, 'late');
  });

  test('come a thousand at once, and all are served', async () => {
    const { url } = await start('--max-room-clients', '1000');
    const sockets = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => PlainSocket.register(`${url}/${i % 10}`, `phone_${i}`)),
    );
    expect(await server?.metric('registered')).toBe(1000);
    await Promise.all(
      sockets.map(async (socket, i) => {
        const to = `phone_${(i + 10) % 1000}`;
        socket.send({ type: 'call_request', to });
        expect(await sockets[(i + 10) % 1000]?.until('call_request')).toEqual({
          type: 'call_request',
          to,
          from: `phone_${i}`,
        });
      }),
    );
    for (const socket of sockets) socket.ws.terminate();
    await Promise.all(sockets.map((socket) => socket.closed));
  });
});
