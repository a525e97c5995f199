import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { connectLimitMs, pingMs } from '../../../daemon/signalling/signallingSocket.ts';
import { Inbox } from '../../support/inbox.ts';
import { SignallingLine } from '../../support/signallingLine.ts';
import { SimulatedClock } from '../../support/simulation/clock.ts';

/** A server that answers handshakes as a test says. */
class ForeignServer {
  readonly sockets = new Inbox<WebSocket>();
  /** Handshakes seen. */
  readonly requests: IncomingMessage[] = [];
  readonly #http: Server;
  readonly #connections = new Set<Socket>();
  readonly #webSockets: WebSocketServer;

  constructor(
    refuse: (request: IncomingMessage, socket: Socket) => boolean = () => false,
    options: ServerOptions = {},
  ) {
    this.#webSockets = new WebSocketServer({ noServer: true, ...options });
    this.#http = createServer((_request, response) => response.writeHead(404).end('<html>nothing here</html>'));
    this.#http.on('connection', (socket) => this.#connections.add(socket));
    this.#http.on('upgrade', (request, socket, head) => {
      this.requests.push(request);
      if (refuse(request, socket as Socket)) return;
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.sockets.push(webSocket));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

const answer = (socket: Socket, status: string): boolean => {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  return true;
};

describe('signalling client', () => {
  let server: ForeignServer;
  let line: SignallingLine;
  afterEach(async () => {
    line.socket.close();
    await server.stop();
  });

  test.each([
    ['selects the first subprotocol offered, as `ws` does', {}, 1],
    ['selects none', { handleProtocols: () => false as const }, 2],
  ])('is plain towards a server that %s', async (_what, options: ServerOptions, handshakes) => {
    server = new ForeignServer(undefined, options);
    line = new SignallingLine(await server.start());
    expect(await line.until('opened')).toMatchObject({ plain: true });
    expect(server.requests).toHaveLength(handshakes);
  });

  test('is plain towards a server that refuses handshakes with subprotocols', async () => {
    server = new ForeignServer((request, socket) =>
      request.headers['sec-websocket-protocol'] === undefined ? false : answer(socket, '400 Bad Request'),
    );
    line = new SignallingLine(await server.start());
    expect(await line.until('opened')).toMatchObject({ plain: true });
  });

  test('is extended towards a server that selects mosis.v1', async () => {
    server = new ForeignServer(undefined, {
      handleProtocols: (offered) => (offered.has('mosis.v1') ? 'mosis.v1' : false),
    });
    line = new SignallingLine(await server.start());
    expect(await line.until('opened')).toMatchObject({ plain: false });
  });

  test.each([
    ['400 Bad Request', 'serverUnreachable', /HTTP 400/],
    ['403 Forbidden', 'serverRefused', /HTTP 403/],
    ['404 Not Found', 'serverUnreachable', /check the URL/],
    ['429 Too Many Requests', 'rateLimited', /HTTP 429/],
    ['200 OK', 'serverUnreachable', /HTTP 200/],
  ])('tells HTTP %s as %s', async (status, code, text) => {
    server = new ForeignServer((_request, socket) => answer(socket, status));
    line = new SignallingLine(await server.start());
    expect(await line.until('closed')).toMatchObject({ code, text: expect.stringMatching(text) });
  });

  test('says that nothing listens', async () => {
    server = new ForeignServer();
    const url = await server.start();
    await server.stop();
    line = new SignallingLine(url);
    expect(await line.until('closed')).toMatchObject({
      code: 'serverUnreachable',
      text: expect.stringMatching(/Nothing listens at 127\.0\.0\.1:\d+/),
    });
    server = new ForeignServer();
    await server.start();
  });

  test('says that TLS was wanted where none is spoken', async () => {
    server = new ForeignServer();
    line = new SignallingLine((await server.start()).replace('ws:', 'wss:'));
    expect(await line.until('closed')).toMatchObject({
      code: 'serverUnreachable',
      text: expect.stringContaining('does not speak TLS: use ws://'),
    });
  });

  test('gives up on a server that does not answer the handshake within 10 s', async () => {
    const clock = new SimulatedClock();
    const asked = Promise.withResolvers<void>();
    server = new ForeignServer(() => {
      asked.resolve();
      return true;
    });
    line = new SignallingLine(await server.start(), { clock });
    await asked.promise;
    clock.advance(connectLimitMs - 1);
    expect(line.events.items).toEqual([]);
    clock.advance(1);
    expect(await line.until('closed')).toMatchObject({
      code: 'serverUnreachable',
      text: expect.stringMatching(/10 s/),
    });
  });

  test.each([
    [1008, 'serverRefused'],
    [1013, 'rateLimited'],
    [4009, 'takenOver'],
  ])('tells close code %i as %s, with the reason', async (closeCode, code) => {
    server = new ForeignServer();
    line = new SignallingLine(await server.start());
    const socket = await server.sockets.until(() => true, 'socket');
    socket.close(closeCode, 'because');
    expect(await line.until('closed')).toEqual({
      event: 'closed',
      code,
      closeCode,
      text: expect.stringContaining('because'),
    });
  });

  test('says nothing any more after close(), whatever the server does', async () => {
    server = new ForeignServer();
    line = new SignallingLine(await server.start());
    const socket = await server.sockets.until(() => true, 'socket');
    await line.until('opened');
    line.socket.close();
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.send('{"type":"peer_left","id":"bob"}');
    await ended;
    expect(line.events.items).toEqual([]);
  });

  test('may be closed before it has opened', async () => {
    const asked = Promise.withResolvers<Socket>();
    server = new ForeignServer((_request, socket) => {
      asked.resolve(socket.resume());
      return true;
    });
    line = new SignallingLine(await server.start());
    const socket = await asked.promise;
    // Servers of node:http leave their half open.
    const ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
    line.socket.close();
    await ended;
    expect(line.events.items).toEqual([]);
  });

  test.each(['', 'example.com', 'http://example.com', 'ws://', 'ftp://x'])('refuses "%s" for a URL', async (url) => {
    server = new ForeignServer();
    line = new SignallingLine(await server.start());
    expect(() => new SignallingLine(url)).toThrow(expect.objectContaining({ code: 'invalidArgument' }));
  });
});

describe('signalling client with an open socket', () => {
  let clock: SimulatedClock;
  let server: ForeignServer;
  let line: SignallingLine;
  let socket: WebSocket;
  beforeEach(async () => {
    clock = new SimulatedClock();
    server = new ForeignServer(undefined, { autoPong: false });
    line = new SignallingLine(await server.start(), { clock });
    socket = await server.sockets.until(() => true, 'socket');
    await line.until('opened');
  });
  afterEach(async () => {
    line.socket.close();
    await server.stop();
  });

  test('drops what is malformed, unknown or not for it, counts it, and goes on', async () => {
    const dropped = [
      'garbage',
      '[]',
      'null',
      '{}',
      '{"type":7}',
      '{"type":"offer"}',
      '{"type":"peers","list":[{"id":7}]}',
    ];
    const unknown = ['{"type":"weather"}', '{"type":"register","id":"x"}', '{"type":"get_peers"}'];
    for (const text of [...dropped, ...unknown]) socket.send(text);
    socket.send(Buffer.from([0xff, 0xfe]));
    socket.send('{"type":"peer_left","id":"bob","unknown":1}');
    expect(await line.signal('peer_left')).toEqual({ id: 'bob' });
    expect(line.events.items).toEqual([]);
    line.socket.close();
    const { fields } = await line.log.lines.until(
      ({ level, message }) => level === 'info' && /^Dropped/.test(message),
      'count',
    );
    expect(fields).toEqual({ malformed: dropped.length + 1, unknown: unknown.length });
  });

  test('takes JSON in a binary message', async () => {
    socket.send(Buffer.from('{"type":"peer_left","id":"bób"}'));
    expect(await line.signal('peer_left')).toEqual({ id: 'bób' });
  });

  test('ends at a message of 10 MB', async () => {
    socket.send(Buffer.alloc(10_000_000, 32));
    expect(await line.until('closed')).toMatchObject({ code: 'serverRefused', closeCode: 1009 });
  });

  test('pings every 15 s and ends when two pings were not answered', async () => {
    const pings: number[] = [];
    const pinged = new Inbox<number>();
    socket.on('ping', () => {
      pings.push(clock.monotonic());
      pinged.push(pings.length);
    });
    for (const count of [1, 2]) {
      clock.advance(pingMs);
      await pinged.until((seen) => seen === count, `ping ${count}`);
    }
    expect(pings).toEqual([pingMs, 2 * pingMs]);
    clock.advance(pingMs);
    expect(await line.until('closed')).toMatchObject({
      code: 'serverUnreachable',
      text: expect.stringMatching(/silent/),
    });
  });

  test('stays while anything is heard', async () => {
    for (let i = 0; i < 5; i++) {
      clock.advance(pingMs);
      socket.send(`{"type":"peer_left","id":"${i}"}`);
      await line.signal('peer_left');
    }
    expect(line.events.items).toEqual([]);
  });

  test('refuses to queue more than 1 MiB for a server that does not read', () => {
    socket.pause();
    const sdp = 'x'.repeat(60_000);
    let sent = 0;
    while (sent < 1000 && line.socket.send('offer', { to: 'bob', sdp })) sent += 1;
    expect(sent).toBeGreaterThan(10);
    expect(sent).toBeLessThan(1000);
  });

  test('throws for a signal that the schema does not allow', () => {
    expect(() => line.socket.send('offer', { to: 'bob', sdp: 'x'.repeat(70_000) })).toThrow(
      expect.objectContaining({ code: 'invalidArgument' }),
    );
  });
});
