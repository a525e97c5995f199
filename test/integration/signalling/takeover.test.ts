import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Message, PlainSocket } from '../../support/plainSocket.ts';
import { SignallingProcess } from '../../support/signallingServer.ts';

const protocol = 'mosis.v1';

describe('signalling server and a second login of an id', () => {
  let server: SignallingProcess;
  const opened: PlainSocket[] = [];
  const open = async (protocols: string[] = [], options = {}): Promise<PlainSocket> => {
    const socket = await PlainSocket.open(server.url, protocols, options);
    opened.push(socket);
    return socket;
  };
  /** Logs in a client of the subprotocol; the resume token is in the answer. */
  const login = async (id: string, more: object = {}): Promise<{ socket: PlainSocket; registered: Message }> => {
    const socket = await open([protocol]);
    socket.send({ type: 'register', id, ...more });
    return { socket, registered: await socket.until('registered') };
  };

  beforeAll(async () => {
    server = await SignallingProcess.start('--connects-per-10s', '1000', '--takeover-ping-ms', '500');
  });
  afterEach(async () => {
    for (const socket of opened.splice(0)) {
      socket.ws.terminate();
      await socket.closed;
    }
  });
  afterAll(async () => {
    await server.stop();
  });

  test('selects the subprotocol when it is offered, and then confirms the login', async () => {
    const { socket, registered } = await login('ada');
    expect(socket.ws.protocol).toBe(protocol);
    expect(registered).toEqual({
      type: 'registered',
      id: 'ada',
      resume: expect.stringMatching(/^[\w-]{22}$/),
      maxMessageBytes: 131_072,
    });
    expect(await socket.until('peer_joined')).toMatchObject({ id: 'ada' });
  });

  test('selects nothing among subprotocols that it does not know', async () => {
    await expect(open(['chat.v9'])).rejects.toThrow(/no subprotocol/i);
    expect((await open(['chat.v9', protocol])).ws.protocol).toBe(protocol);
  });

  test('refuses it while the holder answers, and leaves the holder alone', async () => {
    const holder = await open();
    holder.send({ type: 'register', id: 'ada' });
    await holder.until('peer_joined');
    const newcomer = await open();
    newcomer.send({ type: 'register', id: 'ada' });
    newcomer.send({ type: 'get_peers' });
    expect(await newcomer.until('error')).toMatchObject({ code: 'idTaken', request: 'register' });
    expect(await newcomer.until('error')).toMatchObject({ code: 'notRegistered', request: 'get_peers' });
    await holder.settled();
    expect(holder.inbox.items).toEqual([]);
    newcomer.send({ type: 'register', id: 'bob' });
    expect(await holder.until('peer_joined')).toMatchObject({ id: 'bob' });
  });

  test('takes over at once with the resume token', async () => {
    const { socket: old, registered } = await login('ada');
    const bob = await PlainSocket.register(server.url, 'bob');
    opened.push(bob);
    const { socket: next, registered: again } = await login('ada', { resume: registered.resume });
    expect(await old.until('error')).toMatchObject({ code: 'takenOver' });
    expect(await old.closed).toMatchObject({ code: 4009 });
    expect(again.resume).not.toBe(registered.resume);
    bob.send({ type: 'call_end', to: 'ada' });
    expect(await next.until('call_end')).toMatchObject({ from: 'bob' });
    expect(await bob.until('peer_joined')).toMatchObject({ id: 'ada' });
    await bob.settled();
    expect(bob.inbox.items).toEqual([]);
  });

  test('refuses it with a wrong token', async () => {
    await login('ada');
    const eve = await open([protocol]);
    eve.send({ type: 'register', id: 'ada', resume: 'A'.repeat(22) });
    expect(await eve.until('error')).toMatchObject({ code: 'idTaken' });
  });

  test('refuses a token once it was used', async () => {
    const { registered } = await login('ada');
    await login('ada', { resume: registered.resume });
    const third = await open([protocol]);
    third.send({ type: 'register', id: 'ada', resume: registered.resume });
    expect(await third.until('error')).toMatchObject({ code: 'idTaken' });
  });

  test('takes over from a holder that answers no ping, and loses nothing that the newcomer sent meanwhile', async () => {
    const dead = await open([], { autoPong: false });
    dead.send({ type: 'register', id: 'ada' });
    await dead.until('peer_joined');
    const bob = await PlainSocket.register(server.url, 'bob');
    opened.push(bob);
    const startedMs = performance.now();
    const newcomer = await open();
    newcomer.send({ type: 'register', id: 'ada', name: 'Ada again' });
    newcomer.send({ type: 'get_peers' });
    newcomer.send({ type: 'call_request', to: 'bob' });
    expect(await newcomer.until('peer_joined')).toMatchObject({ id: 'ada', name: 'Ada again' });
    expect(performance.now() - startedMs).toBeGreaterThan(400);
    expect(await newcomer.until('peers')).toMatchObject({ list: [{ id: 'bob' }] });
    expect(await bob.until('call_request')).toMatchObject({ from: 'ada' });
    expect(await dead.closed).toMatchObject({ code: 4009 });
  });

  test('gives the id to the first of several newcomers and refuses the others', async () => {
    const dead = await open([], { autoPong: false });
    dead.send({ type: 'register', id: 'ada' });
    await dead.until('peer_joined');
    const [first, second, third] = [await open(), await open(), await open()];
    const pinged = new Promise((resolve) => dead.ws.once('ping', resolve));
    first.send({ type: 'register', id: 'ada' });
    await pinged;
    for (const late of [second, third]) late.send({ type: 'register', id: 'ada' });
    await first.until('peer_joined');
    expect(await second.until('error')).toMatchObject({ code: 'idTaken' });
    expect(await third.until('error')).toMatchObject({ code: 'idTaken' });
  });

  test('lets the newcomer in as soon as the holder leaves by itself', async () => {
    const holder = await open([], { autoPong: false });
    holder.send({ type: 'register', id: 'ada' });
    await holder.until('peer_joined');
    const newcomer = await open();
    newcomer.send({ type: 'register', id: 'ada' });
    const pinged = new Promise((resolve) => holder.ws.once('ping', resolve));
    await pinged;
    holder.close();
    expect(await newcomer.until('peer_joined')).toMatchObject({ id: 'ada' });
    expect(await holder.closed).toMatchObject({ code: 1005 });
  });
});
