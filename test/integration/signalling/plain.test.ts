import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PlainSocket } from '../../support/plainSocket.ts';
import { SignallingProcess } from '../../support/signallingServer.ts';

// Clients here know what the specification prints and nothing more.
describe('signalling server and a client of the plain specification', () => {
  let server: SignallingProcess;
  const open: PlainSocket[] = [];
  const register = async (id: string, name?: string, path = ''): Promise<PlainSocket> => {
    const socket = await PlainSocket.register(`${server.url}${path}`, id, name);
    open.push(socket);
    return socket;
  };

  beforeAll(async () => {
    server = await SignallingProcess.start('--connects-per-10s', '1000');
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) {
      socket.close();
      await socket.closed;
    }
  });
  afterAll(async () => {
    await server.stop();
  });

  test('tells everybody in the room of a newcomer, the newcomer included', async () => {
    const ada = await register('ada', 'Ada');
    const bob = await PlainSocket.open(server.url);
    open.push(bob);
    bob.send({ type: 'register', id: 'bob', name: 'Bob' });
    const joined = { type: 'peer_joined', id: 'bob', name: 'Bob' };
    expect(await ada.until('peer_joined')).toEqual(joined);
    expect(await bob.until('peer_joined')).toEqual(joined);
  });

  test('needs no name', async () => {
    const ada = await register('ada');
    await register('bob');
    expect(await ada.until('peer_joined')).toEqual({ type: 'peer_joined', id: 'bob' });
    ada.send({ type: 'get_peers' });
    expect(await ada.until('peers')).toEqual({ type: 'peers', list: [{ id: 'bob', online: true }] });
  });

  test('sends nothing that the specification does not print', async () => {
    const ada = await register('ada');
    await ada.settled();
    expect(ada.ws.protocol).toBe('');
    expect(ada.inbox.items).toEqual([]);
  });

  test('lists the others, without the one who asks', async () => {
    const ada = await register('ada', 'Ada');
    const bob = await register('bob', 'Bob');
    ada.send({ type: 'get_peers' });
    bob.send({ type: 'get_peers' });
    expect(await ada.until('peers')).toEqual({ type: 'peers', list: [{ id: 'bob', name: 'Bob', online: true }] });
    expect(await bob.until('peers')).toEqual({ type: 'peers', list: [{ id: 'ada', name: 'Ada', online: true }] });
  });

  test('forwards every kind of message with the sender in from', async () => {
    const ada = await register('ada');
    const bob = await register('bob');
    const messages = [
      { type: 'offer', to: 'bob', sdp: 'v=0\r\n...' },
      { type: 'answer', to: 'bob', sdp: 'v=0\r\n...' },
      { type: 'candidate', to: 'bob', candidate: 'a=candidate:1 1 UDP 2122317823 127.0.0.1 50123 typ host' },
      { type: 'call_request', to: 'bob', video: false },
      { type: 'call_accept', to: 'bob' },
      { type: 'call_reject', to: 'bob', reason: 'busy' },
      { type: 'call_end', to: 'bob' },
    ];
    for (const message of messages) {
      ada.send(message);
      expect(await bob.until(message.type)).toEqual({ ...message, from: 'ada' });
    }
  });

  test('forwards types and fields that it does not know, in order', async () => {
    const ada = await register('ada');
    const bob = await register('bob');
    const extra = { mosis: { v: 1, connection: 'c', later: [1, 2.5, null] }, é: '😀', nested: { a: { b: [] } } };
    ada.send({ type: 'offer', to: 'bob', sdp: 'x', ...extra });
    ada.send({ type: 'weather', to: 'bob', ...extra });
    expect(await bob.until('offer')).toEqual({ type: 'offer', to: 'bob', sdp: 'x', ...extra, from: 'ada' });
    expect(await bob.until('weather')).toEqual({ type: 'weather', to: 'bob', ...extra, from: 'ada' });
  });

  test('takes JSON null for an optional field that is not there', async () => {
    const ada = await register('ada');
    const bob = await register('bob');
    ada.send({ type: 'call_reject', to: 'bob', reason: null });
    expect(await bob.until('call_reject')).toMatchObject({ from: 'ada' });
  });

  test('takes JSON in a binary message', async () => {
    const ada = await register('ada');
    const bob = await register('bob');
    ada.ws.send(Buffer.from('{"type":"call_end","to":"bob"}'));
    expect(await bob.until('call_end')).toEqual({ type: 'call_end', to: 'bob', from: 'ada' });
  });

  test('overwrites a forged from', async () => {
    const ada = await register('ada');
    const eve = await register('eve');
    await register('bob');
    eve.send({ type: 'call_request', to: 'ada', from: 'bob' });
    expect(await ada.until('call_request')).toEqual({ type: 'call_request', to: 'ada', from: 'eve' });
  });

  test.each(['peer_joined', 'peer_left', 'peers', 'registered', 'error'])(
    'forwards no %s: only the server may say that',
    async (type) => {
      const ada = await register('ada');
      const eve = await register('eve');
      await ada.until('peer_joined', ({ id }) => id === 'eve');
      const fields = { id: 'bob', list: [], resume: '', maxMessageBytes: 1, code: 'x', text: 'x' };
      eve.send({ type, to: 'ada', ...fields });
      expect(await eve.until('error')).toMatchObject({ code: 'badMessage', request: type });
      await ada.settled();
      expect(ada.inbox.items).toEqual([]);
    },
  );

  test('tells the sender when nobody has the id', async () => {
    const ada = await register('ada');
    ada.send({ type: 'offer', to: 'nobody', sdp: 'x' });
    expect(await ada.until('error')).toMatchObject({ code: 'unreachable', to: 'nobody', request: 'offer' });
  });

  test('tells the room when somebody leaves, and lets the id be used again', async () => {
    const ada = await register('ada');
    const bob = await register('bob');
    bob.close();
    expect(await ada.until('peer_left')).toEqual({ type: 'peer_left', id: 'bob' });
    await register('bob');
    expect(await ada.until('peer_joined', ({ id }) => id === 'bob')).toBeDefined();
  });

  test('asks for register before anything else', async () => {
    const stranger = await PlainSocket.open(server.url);
    open.push(stranger);
    await register('ada');
    stranger.send({ type: 'get_peers' });
    expect(await stranger.until('error')).toMatchObject({ code: 'notRegistered', request: 'get_peers' });
    stranger.send({ type: 'offer', to: 'ada', sdp: 'x' });
    expect(await stranger.until('error')).toMatchObject({ code: 'notRegistered', request: 'offer', to: 'ada' });
  });

  test('moves a socket that registers under another id', async () => {
    const ada = await register('ada');
    const bob = await register('bob');
    bob.send({ type: 'register', id: 'bobby', name: 'B' });
    expect(await ada.until('peer_left')).toEqual({ type: 'peer_left', id: 'bob' });
    expect(await ada.until('peer_joined', ({ id }) => id === 'bobby')).toEqual({
      type: 'peer_joined',
      id: 'bobby',
      name: 'B',
    });
    ada.send({ type: 'call_end', to: 'bobby' });
    expect(await bob.until('call_end')).toMatchObject({ from: 'ada' });
  });

  test('keeps rooms apart: a room is the path of the URL', async () => {
    const ada = await register('ada', undefined, '/red');
    const other = await register('ada', undefined, '/blue');
    const bob = await register('bob', undefined, '/red?key=1');
    ada.send({ type: 'get_peers' });
    expect(await ada.until('peers')).toMatchObject({ list: [{ id: 'bob' }] });
    other.send({ type: 'get_peers' });
    expect(await other.until('peers')).toMatchObject({ list: [] });
    other.send({ type: 'call_end', to: 'bob' });
    expect(await other.until('error')).toMatchObject({ code: 'unreachable' });
    bob.close();
    await ada.until('peer_left');
    await other.settled();
    expect(other.inbox.items).toEqual([]);
  });
});
