import fs from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ada, harness } from './harness.ts';

const { startDaemon, newShim } = harness();
const daemonSays =
  (text: string) =>
  ({ event, text: said }: { event: string; text?: unknown }) =>
    event === text || said === text;

describe('an orderly stop', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'on %s games see goodbye, the files are removed, the code is 0',
    async (signal) => {
      const daemon = await startDaemon();
      const shim = newShim();
      await shim.hello(daemon, { line: ada });
      daemon.kill(signal);
      expect(await shim.until('goodbye')).toMatchObject({ reason: 'daemonStops' });
      expect(await daemon.exited).toBe(0);
      expect(fs.readdirSync(daemon.paths.runtimeFolder)).toEqual(['daemon.lock']);
    },
  );

  test('daemon.stop is answered first', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon);
    expect(await shim.ask('daemon.stop', {})).toMatchObject({ ok: true });
    expect(await shim.until('goodbye')).toMatchObject({ reason: 'daemonStops' });
    expect(await daemon.exited).toBe(0);
    await daemon.told.until(daemonSays('stop'), 'the phone to be stopped');
  });

  test('answers that wait in queues go out before goodbye', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const answers = Array.from({ length: 200 }, () => shim.ask('message.send', { peerId: 'bob', text: 'x' }));
    const stopped = shim.ask('daemon.stop', {});
    expect((await Promise.all([...answers, stopped])).every(({ ok }) => ok)).toBe(true);
    await shim.until('goodbye');
  });
});

describe('idle exit', () => {
  const config = { idleExitSeconds: 1 };

  test('without games the daemon ends by itself', async () => {
    const daemon = await startDaemon({ stay: false, config });
    expect(await daemon.exited).toBe(0);
    expect(daemon.log).toContain('no game for a while');
  });

  test('a game keeps it alive, and it ends after the game’s goodbye', async () => {
    const shim = newShim();
    await shim.started();
    const daemon = await startDaemon({ stay: false, config: { idleExitSeconds: 2 } });
    await shim.hello(daemon);
    const { result } = await longerThan(3500, () => shim.ask('daemon.status', {}));
    expect(result).toMatchObject({ stay: false });
    shim.send({ do: 'link', name: 'goodbye', value: { reason: 'gameEnds' } });
    expect(await daemon.exited).toBe(0);
  });

  test('messages on their way keep it alive', async () => {
    const daemon = await startDaemon({ stay: false, config });
    daemon.tell({ do: 'busy', busy: true });
    const shim = newShim();
    await shim.hello(daemon);
    shim.send({ do: 'link', name: 'goodbye', value: { reason: 'gameEnds' } });
    const other = newShim();
    await longerThan(2000, () => other.hello(daemon, { sessionKey: '02'.repeat(16) }));
    daemon.tell({ do: 'busy', busy: false });
    other.send({ do: 'link', name: 'goodbye', value: { reason: 'gameEnds' } });
    expect(await daemon.exited).toBe(0);
  });
});

describe('a session outlives its connection', () => {
  test('a game that comes back with its key goes on in the same session and stays on its line', async () => {
    const daemon = await startDaemon();
    const first = newShim();
    const { sessionId } = await first.hello(daemon, { line: ada });
    first.kill('SIGKILL');
    const second = newShim();
    const answer = await second.hello(daemon);
    expect(answer).toMatchObject({ sessionId, snapshot: { line: { lineId: 1, phoneId: 'ada' } } });
    expect(daemon.told.items.filter(({ event }) => event === 'detach')).toEqual([]);
  });

  test('a new connection with the same key takes over before the old one is seen to be gone', async () => {
    const daemon = await startDaemon();
    const [first, second] = [newShim(), newShim()];
    const { sessionId } = await first.hello(daemon, { line: ada });
    expect(await second.hello(daemon)).toMatchObject({ sessionId });
    daemon.tell({ do: 'receive', lineId: 1, count: 1 });
    await second.until('event');
    expect(first.events.items.filter(({ event }) => event === 'event')).toEqual([]);
  });

  test('goodbye ends it at once', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    const { sessionId } = await shim.hello(daemon, { line: ada });
    shim.send({ do: 'link', name: 'goodbye', value: { reason: 'gameEnds' } });
    expect(await daemon.told.until(daemonSays('detach'), 'detach')).toMatchObject({ lineId: 1, sessionId });
  });

  test('a game that answers no ping is let go, though its connection stands', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    shim.send({ do: 'behave', pong: false });
    for (let count = 0; count < 4; count += 1) await shim.until('ping');
    const other = newShim();
    await other.hello(daemon, { sessionKey: '02'.repeat(16) });
    const limit = Date.now() + 15_000;
    while (!daemon.log.includes('"event":"silent","state":"lost"') && Date.now() < limit)
      await other.ask('daemon.status', {});
    expect(daemon.log).toContain('"event":"silent","state":"lost"');
  }, 30_000);

  test('a killed daemon is followed by one that goes on: same line, no message lost, none twice', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const key = 'ab'.repeat(16);
    const { result } = await shim.ask('message.send', { peerId: 'bob', text: 'once' }, { key });
    daemon.kill('SIGKILL');
    await daemon.exited;
    const next = await startDaemon({ folder: daemon.folder });
    expect(await shim.hello(next, { line: ada, since: 0 })).toMatchObject({ event: 'identified', resumed: true });
    expect((await shim.ask('message.send', { peerId: 'bob', text: 'once' }, { key })).result).toEqual(result);
    expect((await shim.ask('daemon.status', {})).result).toMatchObject({ outboxMessages: 1 });
  });
});

describe('requests', () => {
  test('a late answer is deadlineExceeded, and only that comes', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const began = performance.now();
    const answer = await shim.ask('peers.statistics', { peerId: 'never' }, { deadlineMs: 150 });
    expect(answer).toMatchObject({ ok: false, code: 'deadlineExceeded' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(149);
    expect(await shim.ask('peers.statistics', { peerId: 'bob' })).toMatchObject({ ok: true });
  });

  test('the 257th request that waits is queueFull', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const waiting = Array.from({ length: 256 }, () =>
      shim.ask('peers.statistics', { peerId: 'never' }, { deadlineMs: 2000 }),
    );
    expect(await shim.ask('peers.statistics', { peerId: 'bob' })).toMatchObject({ ok: false, code: 'queueFull' });
    await Promise.all(waiting);
    expect(await shim.ask('peers.statistics', { peerId: 'bob' })).toMatchObject({ ok: true });
  });

  test('the same idempotency key gives the same answer, whatever the request id', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const ask = () => shim.ask('message.send', { peerId: 'bob', text: 'once' }, { key: 'cd'.repeat(16) });
    expect((await ask()).result).toEqual((await ask()).result);
    expect((await shim.ask('message.send', { peerId: 'bob', text: 'once' })).result).toEqual({ messageId: 2 });
  });

  test('what needs a line says so', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon);
    expect(await shim.ask('message.send', { peerId: 'bob', text: 'x' })).toMatchObject({ code: 'lineNotConfigured' });
    expect(await shim.ask('line.close', {})).toMatchObject({ code: 'lineNotConfigured' });
  });

  test('daemon.status tells of sessions, lines and memory', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada, engine: 'test 1' });
    const { result } = await shim.ask('daemon.status', {});
    expect(result).toMatchObject({
      ...{ pid: daemon.pid, profile: 'default', stay: true, media: 'stopped', mediaRestarts: 0 },
      sessions: [{ sessionId: 1, app: 'rawShim', engine: 'test 1', pid: shim.pid, lineId: 1, eventsQueued: 0 }],
      lines: [{ lineId: 1, ...ada }],
      ...{ outboxMessages: 0, malformedMessages: 0, missing: [] },
    });
    expect((result as { residentBytes: number }).residentBytes).toBeGreaterThan(10_000_000);
  });
});

describe('tcp with CURVE', () => {
  const env = { MOSIS_TRANSPORT: 'tcp' };

  test('works with the key of endpoint.json', async () => {
    const daemon = await startDaemon({ env });
    expect(daemon.endpoint.endpoints).toEqual([expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/)]);
    const shim = newShim();
    expect(await shim.hello(daemon, { line: ada })).toMatchObject({ event: 'identified' });
    expect(await shim.ask('message.send', { peerId: 'bob', text: 'x' })).toMatchObject({ ok: true });
  });

  test.each([
    ['without CURVE', { withoutCurve: true }],
    ['with another key', { curveServerKey: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7' }],
  ])('%s nothing gets through', async (_what, change) => {
    const daemon = await startDaemon({ env });
    const shim = newShim();
    shim.connect(daemon, change);
    shim.sayHello(daemon);
    await shim.until('monitor', ({ type }) => type === 'disconnect' || String(type).startsWith('handshake:error'));
    const right = newShim();
    await right.hello(daemon, { sessionKey: '02'.repeat(16) });
    expect((await right.ask('daemon.status', {})).result).toMatchObject({ sessions: [{ pid: right.pid }] });
    expect(shim.events.items.filter(({ event }) => event === 'identified')).toEqual([]);
  });
});

/** Does it again and again for so long; the last answer. */
async function longerThan<T>(durationMs: number, action: () => Promise<T>): Promise<T> {
  const end = performance.now() + durationMs;
  let last = await action();
  while (performance.now() < end) last = await action();
  return last;
}
