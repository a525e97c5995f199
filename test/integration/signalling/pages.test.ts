import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PlainSocket } from '../../support/plainSocket.ts';
import { SignallingProcess } from '../../support/signallingServer.ts';

describe('signalling server as its operator sees it', () => {
  let server: SignallingProcess;
  beforeEach(async () => {
    server = await SignallingProcess.start();
  });
  afterEach(async () => {
    await server.stop();
  });

  test('answers /health with what it holds', async () => {
    await PlainSocket.register(`${server.url}/a`, 'ada');
    await PlainSocket.register(`${server.url}/b`, 'bob');
    await PlainSocket.open(server.url);
    const response = await server.page('/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ status: 'ok', sockets: 3, registered: 2, rooms: 2 });
  });

  test('counts on /metrics what it relayed, by type, and has no label that a client wrote', async () => {
    const ada = await PlainSocket.register(server.url, 'ada');
    const bob = await PlainSocket.register(server.url, 'bob');
    ada.send({ type: 'offer', to: 'bob', sdp: 'v=0' });
    ada.send({ type: 'chat"} 1', to: 'bob', text: 'hello' });
    await bob.until('offer');
    await bob.until('chat"} 1');
    const text = await (await server.page('/metrics')).text();
    const offer = JSON.stringify({ type: 'offer', to: 'bob', sdp: 'v=0', from: 'ada' });
    expect(text).toContain('mosis_signalling_relayed_messages_total{type="offer"} 1\n');
    expect(text).toContain(`mosis_signalling_relayed_bytes_total{type="offer"} ${offer.length}\n`);
    expect(text).toContain('mosis_signalling_relayed_messages_total{type="other"} 1\n');
    expect(text).toContain('mosis_signalling_sockets 2\n');
    expect(text).not.toContain('chat');
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) mosis_signalling_\w+ .+|mosis_signalling_\w+(\{\w+="\w+"\})? [\d.]+)$/);
    }
  });

  test('answers anything else with what it is', async () => {
    expect((await server.page('/')).status).toBe(426);
    expect(await (await server.page('/room')).text()).toMatch(/WebSocket/);
    expect((await server.page('/health', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  test('ends orderly on SIGTERM: clients get 1001 and no peer_left, the exit code is 0', async () => {
    const ada = await PlainSocket.register(server.url, 'ada');
    const bob = await PlainSocket.register(server.url, 'bob');
    await ada.until('peer_joined');
    server.process.kill();
    expect(await ada.closed).toMatchObject({ code: 1001 });
    expect(await bob.closed).toMatchObject({ code: 1001 });
    expect(ada.inbox.items).toEqual([]);
    expect(await server.process.exited).toBe(0);
  });

  test('ends in time although a client does not answer', async () => {
    const stuck = await PlainSocket.register(server.url, 'stuck');
    stuck.ws.pause();
    const startedMs = performance.now();
    server.process.kill();
    expect(await server.process.exited).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(4000);
  });

  test('says in one sentence that the port is taken', async () => {
    const port = new URL(server.url).port;
    await expect(SignallingProcess.start('--port', port)).rejects.toThrow(/choose another one with --port/);
  });
});
