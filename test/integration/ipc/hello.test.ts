import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { pinnedNode } from '../../support/jsonLineProcess.ts';
import { ada, harness, sharedDaemon } from './harness.ts';

const { startDaemon, newShim } = harness();

let lastKey = 0;
/** Each test is another game. */
const newKey = () => (++lastKey).toString(16).padStart(32, 'f');

describe('hello', () => {
  const daemonOfAll = sharedDaemon();

  test('a right hello is answered by identified, with everything that a game must know to go on', async () => {
    const daemon = daemonOfAll();
    expect(await newShim().hello(daemon, { sessionKey: newKey(), line: ada })).toEqual({
      event: 'identified',
      protocol: 1,
      daemonVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
      pid: daemon.pid,
      profile: 'default',
      sessionId: expect.any(Number),
      scopes: ['all'],
      resumed: true,
      snapshot: { sequence: 0, line: { lineId: 1, state: 'connecting', ...ada }, peers: [] },
    });
  });

  test('scopes are granted as asked for, and the highest common protocol version is chosen', async () => {
    const daemon = daemonOfAll();
    const answer = await newShim().hello(daemon, {
      sessionKey: newKey(),
      scopes: ['observe'],
      protocolMin: 0,
      protocolMax: 9,
    });
    expect(answer).toMatchObject({ event: 'identified', protocol: 1, scopes: ['observe'] });
  });

  test('a session without a line is told so, and line.configure binds it in whatever order things come', async () => {
    const daemon = daemonOfAll();
    const shim = newShim();
    const { snapshot, sessionId } = await shim.hello(daemon, { sessionKey: newKey() });
    expect(snapshot).toMatchObject({ line: { lineId: 0, state: 'unconfigured' } });
    const half = await shim.ask('line.configure', { server: 'ws://s' });
    expect(half.result).toMatchObject({ line: { lineId: 0, server: 'ws://s' } });
    const whole = await shim.ask('line.configure', { phoneId: 'ada' });
    expect(whole.result).toMatchObject({ line: { lineId: 1, server: 'ws://s', phoneId: 'ada' } });
    await daemon.told.until(
      (told) => told.event === 'attach' && told.lineId === 1 && told.sessionId === sessionId,
      'attach',
    );
  });

  test('another phone id moves the session to another line and leaves the first', async () => {
    const daemon = daemonOfAll();
    const shim = newShim();
    const { sessionId } = await shim.hello(daemon, { sessionKey: newKey(), line: ada });
    const moved = await shim.ask('line.configure', { phoneId: 'eve' });
    expect(moved.result).toMatchObject({ line: { lineId: 2, phoneId: 'eve' } });
    await daemon.told.until(
      (told) => told.event === 'detach' && told.lineId === 1 && told.sessionId === sessionId,
      'detach',
    );
  });

  test.each(['wrong', ''])('a wrong token (%j) is refused and says what to check', async (token) => {
    const daemon = daemonOfAll();
    const answer = await newShim().hello(daemon, { sessionKey: newKey(), token });
    expect(answer).toMatchObject({
      event: 'refused',
      code: 'tokenWrong',
      text: expect.stringContaining('endpoint.json'),
    });
  });

  test('without a common protocol version both ranges are named', async () => {
    const daemon = daemonOfAll();
    const answer = await newShim().hello(daemon, { sessionKey: newKey(), protocolMin: 3, protocolMax: 4 });
    expect(answer).toMatchObject({ event: 'refused', code: 'protocolMismatch' });
    expect(answer.text).toMatch(/speaks protocol 1 to 1, this shim 3 to 4/);
  });

  test('a line that cannot be is refused with its reason, and the connection may try again', async () => {
    const daemon = daemonOfAll();
    const shim = newShim();
    const answer = await shim.hello(daemon, { sessionKey: newKey(), line: { server: 'ws://refused', phoneId: 'ada' } });
    expect(answer).toMatchObject({ event: 'refused', code: 'invalidArgument', text: 'ws://refused is refused' });
    shim.sayHello(daemon, { line: ada });
    await shim.until('identified');
  });

  test('whoever says anything before hello is asked who it is', async () => {
    const daemon = daemonOfAll();
    const shim = newShim();
    shim.connect(daemon);
    shim.send({ do: 'request', id: 1, name: 'daemon.status', params: {} });
    await shim.until('who');
    shim.sayHello(daemon);
    await shim.until('identified');
  });

  test('the 65th game is refused, and one more place is free when a game ends', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    const keyOf = (number: number) => number.toString(16).padStart(32, '0');
    for (let number = 0; number < 64; number += 1) await shim.hello(daemon, { sessionKey: keyOf(number) });
    const other = newShim();
    expect(await other.hello(daemon, { sessionKey: keyOf(64) })).toMatchObject({ event: 'refused', code: 'queueFull' });
    shim.send({ do: 'link', name: 'goodbye', value: { reason: 'gameEnds' } });
    await other.ask('daemon.status', {}).catch(() => {});
    other.sayHello(daemon, { sessionKey: keyOf(64) });
    await other.until('identified');
  }, 40_000);
});

const asRoot = process.geteuid?.() === 0 ? test : test.skip;

asRoot('another user is refused by the kernel’s word, even where folder and socket are open to it', async () => {
  const daemon = await startDaemon();
  // Everything that would keep a stranger out before ZAP does.
  const { runtimeFolder, privateFolders, socketFile } = daemon.paths;
  for (const folder of [path.dirname(privateFolders[0] ?? ''), ...privateFolders]) fs.chmodSync(folder, 0o755);
  fs.chmodSync(socketFile, 0o777);
  expect(fs.existsSync(runtimeFolder)).toBe(true);

  const script = fileURLToPath(new URL('../../support/rawShim.mjs', import.meta.url));
  const stranger = spawn('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', pinnedNode, script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  stranger.stdin.write(`${JSON.stringify({ do: 'connect', endpoint: daemon.endpoint.endpoints[0] })}\n`);
  const types: string[] = [];
  for await (const line of createInterface({ input: stranger.stdout })) {
    types.push(JSON.parse(line).type);
    if (types.includes('handshake:error:auth')) break;
  }
  stranger.kill();
  expect(types).not.toContain('handshake');
  expect(daemon.log).toContain('uid 65534 is not the owner of this daemon');
  await newShim().hello(daemon);
});
