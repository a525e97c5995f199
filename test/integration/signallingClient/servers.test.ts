import { afterEach, describe, expect, test } from '@jest/globals';
import { JsonLineProcess } from '../../support/jsonLineProcess.ts';
import { SignallingLine } from '../../support/signallingLine.ts';
import { SignallingProcess } from '../../support/signallingServer.ts';

describe('signalling client at our server', () => {
  let server: SignallingProcess;
  afterEach(() => server.stop());

  test('speaks mosis.v1, logs in, sees others come and go, and is forwarded to', async () => {
    server = await SignallingProcess.start();
    const ada = new SignallingLine(server.url);
    expect(await ada.until('opened')).toMatchObject({ plain: false });
    expect(ada.socket.send('register', { id: 'ada', name: 'Ada' })).toBe(true);
    expect(await ada.signal('registered')).toMatchObject({ id: 'ada', resume: expect.any(String) });
    const bob = new SignallingLine(server.url);
    await bob.until('opened');
    bob.socket.send('register', { id: 'bob' });
    await bob.signal('registered');
    ada.socket.send('offer', { to: 'bob', sdp: 'v=0', mosis: { v: 1, connection: 'c1' } });
    expect(await bob.signal('offer')).toEqual({
      from: 'ada',
      to: 'bob',
      sdp: 'v=0',
      mosis: { v: 1, connection: 'c1' },
    });
    bob.socket.close();
    expect(await ada.signal('peer_left')).toEqual({ id: 'bob' });
    expect(bob.events.items.filter(({ event }) => event === 'closed')).toEqual([]);
    expect(bob.socket.send('get_peers', {})).toBe(false);
    ada.socket.close();
  });

  test('is told of a takeover', async () => {
    server = await SignallingProcess.start();
    const first = new SignallingLine(server.url);
    await first.until('opened');
    first.socket.send('register', { id: 'ada' });
    const { resume } = await first.signal('registered');
    const second = new SignallingLine(server.url);
    await second.until('opened');
    second.socket.send('register', { id: 'ada', resume });
    await second.signal('registered');
    expect(await first.until('closed')).toMatchObject({ code: 'takenOver', closeCode: 4009 });
    second.socket.close();
  });

  test('is told when the server stops, and when it is killed', async () => {
    server = await SignallingProcess.start();
    const orderly = new SignallingLine(server.url);
    await orderly.until('opened');
    await server.stop();
    expect(await orderly.until('closed')).toMatchObject({ code: 'serverUnreachable', closeCode: 1001 });
    server = await SignallingProcess.start();
    const killed = new SignallingLine(server.url);
    await killed.until('opened');
    server.process.kill('SIGKILL');
    expect(await killed.until('closed')).toMatchObject({ code: 'serverUnreachable', closeCode: 1006 });
  });

  test('repeats what the server says when it refuses the connection', async () => {
    server = await SignallingProcess.start('--connects-per-10s', '1');
    const first = new SignallingLine(server.url);
    await first.until('opened');
    const second = new SignallingLine(server.url);
    expect(await second.until('closed')).toMatchObject({
      code: 'rateLimited',
      text: expect.stringContaining('too many connects from this address'),
    });
    first.socket.close();
  });
});

describe('signalling client at a server that knows only the specification', () => {
  let server: JsonLineProcess;
  afterEach(() => server.stop());

  test('sees that it is plain, and is served', async () => {
    server = new JsonLineProcess('test/support/specServer.mjs');
    const { url } = await server.until('listening');
    const ada = new SignallingLine(String(url));
    expect(await ada.until('opened')).toMatchObject({ plain: true });
    ada.socket.send('register', { id: 'ada', name: 'Ada' });
    expect(await ada.signal('peer_joined')).toEqual({ id: 'ada', name: 'Ada' });
    const bob = new SignallingLine(String(url));
    await bob.until('opened');
    bob.socket.send('register', { id: 'bob' });
    expect(await ada.signal('peer_joined')).toEqual({ id: 'bob' });
    bob.socket.send('candidate', { to: 'ada', candidate: 'a=candidate:1 1 UDP 1 127.0.0.1 5000 typ host' });
    expect(await ada.signal('candidate')).toMatchObject({ from: 'bob' });
    ada.socket.close();
    bob.socket.close();
  });
});
