import { describe, expect, test } from '@jest/globals';
import type { DaemonProcess, RawShim } from '../../support/daemonProcess.ts';
import type { JsonEvent } from '../../support/jsonLineProcess.ts';
import { ada, harness } from './harness.ts';

const { startDaemon, newShim } = harness();
const [lines, peers, messages] = [1, 2, 4];
const everything = lines + peers + messages;

/** Each received message waits for the disk. */
const slowDiskMs = 50_000;

/** Lets the scripted phone act, and waits until it has. */
async function act(daemon: DaemonProcess, command: { do: string; [key: string]: unknown }): Promise<number> {
  daemon.tell(command);
  const obeyed = (told: JsonEvent) => told.event === 'obeyed' && told.command === command.do;
  const done = await daemon.told.until(obeyed, command.do, slowDiskMs);
  return done.sequence as number;
}

const receive = (daemon: DaemonProcess, count: number, sizeBytes = 1) =>
  act(daemon, { do: 'receive', lineId: 1, count, sizeBytes });
const changeLine = (daemon: DaemonProcess, count: number) => act(daemon, { do: 'changeLine', lineId: 1, count });

/** Waits for the events up to `sequence` and gives those that came, in order, without taking them. */
async function eventsUntil(shim: RawShim, sequence: number): Promise<JsonEvent[]> {
  const last = await shim.until('event', (event) => (event.sequence as number) >= sequence, 30_000);
  const before = shim.events.items.filter(({ event }) => event === 'event');
  for (const one of before) await shim.events.until((item) => item === one, 'what is there');
  return [...before, last];
}

const textsOf = (events: JsonEvent[]) => events.map(({ value }) => (value as { text?: string }).text);
const sequencesOf = (events: JsonEvent[]) => events.map(({ sequence }) => sequence as number);
const take = (shim: RawShim, sequence: number) => shim.send({ do: 'link', name: 'taken', value: { sequence } });

describe('subscription', () => {
  test('each game gets the categories that it asked for, of its own line, in order of sequence', async () => {
    const daemon = await startDaemon();
    const [all, onlyMessages, none, otherLine] = [newShim(), newShim(), newShim(), newShim()];
    await all.hello(daemon, { line: ada, events: everything, sessionKey: '01'.repeat(16) });
    await onlyMessages.hello(daemon, { line: ada, events: messages, sessionKey: '02'.repeat(16) });
    await none.hello(daemon, { line: ada, events: 0, sessionKey: '03'.repeat(16) });
    await otherLine.hello(daemon, {
      line: { ...ada, phoneId: 'eve' },
      events: everything,
      sessionKey: '04'.repeat(16),
    });
    await receive(daemon, 1);
    await changeLine(daemon, 1);
    const last = await receive(daemon, 1);
    const seen = await eventsUntil(all, last);
    expect(seen.map(({ name }) => name)).toEqual(['message.received', 'line.changed', 'message.received']);
    expect(sequencesOf(seen)).toEqual([1, 2, 3]);
    expect((await eventsUntil(onlyMessages, last)).map(({ name }) => name)).toEqual([
      'message.received',
      'message.received',
    ]);
    for (const shim of [none, otherLine]) {
      await shim.ask('daemon.status', {});
      expect(shim.events.items.filter(({ event }) => event === 'event')).toEqual([]);
    }
  });
});

describe('replay', () => {
  test('since brings the durable events after it, and only those', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    await receive(daemon, 3);
    await changeLine(daemon, 1);
    await eventsUntil(shim, await receive(daemon, 2));
    const again = newShim();
    const { resumed, snapshot } = await again.hello(daemon, { line: ada, since: 2, sessionKey: '02'.repeat(16) });
    expect({ resumed, snapshot }).toMatchObject({ resumed: true, snapshot: { sequence: 6 } });
    const seen = await eventsUntil(again, 6);
    expect(sequencesOf(seen)).toEqual([3, 5, 6]);
    expect(seen.every(({ name }) => name === 'message.received')).toBe(true);
  });

  test('without since a game begins behind what the games of this line took last, also after a restart of the daemon', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    await eventsUntil(shim, await receive(daemon, 5));
    take(shim, 3);
    await shim.ask('daemon.status', {});
    daemon.kill('SIGKILL');
    await daemon.exited;
    const next = await startDaemon({ folder: daemon.folder });
    const again = newShim();
    expect(await again.hello(next, { line: ada })).toMatchObject({ resumed: true });
    const last = await receive(next, 1);
    expect(textsOf(await eventsUntil(again, last))).toEqual(['3', '4', '0']);
  });

  test('an onlooker takes nothing away from the game', async () => {
    const daemon = await startDaemon();
    const onlooker = newShim();
    await onlooker.hello(daemon, { line: ada, scopes: ['observe'] });
    await eventsUntil(onlooker, await receive(daemon, 2));
    take(onlooker, 2);
    await onlooker.ask('daemon.status', {});
    const game = newShim();
    await game.hello(daemon, { line: ada, sessionKey: '02'.repeat(16) });
    expect(sequencesOf(await eventsUntil(game, 2))).toEqual([1, 2]);
  });

  test('a since that this database never gave is told as resumed=false, and what was not taken follows', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada, events: 0 });
    await receive(daemon, 2);
    const again = newShim();
    const answer = await again.hello(daemon, { line: ada, since: 1_000_000, sessionKey: '02'.repeat(16) });
    expect(answer).toMatchObject({ event: 'identified', resumed: false });
    expect(sequencesOf(await eventsUntil(again, 2))).toEqual([1, 2]);
  });

  test('a line that a session moves to brings what was not taken there', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    await receive(daemon, 2);
    const other = newShim();
    await other.hello(daemon, { line: { ...ada, phoneId: 'eve' }, sessionKey: '02'.repeat(16) });
    await other.ask('line.configure', { phoneId: 'ada' });
    expect(sequencesOf(await eventsUntil(other, 2))).toEqual([1, 2]);
  });
});

describe('a game that takes slowly or not at all', () => {
  test('gets at most 1024 events; the rest waits in the journal and comes in order as it takes', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const last = await receive(daemon, 1600);
    const seen = await eventsUntil(shim, 1024);
    expect(await queuedEvents(shim)).toBe(1024);
    while ((seen.at(-1)?.sequence as number) < last) {
      const newest = seen.at(-1)?.sequence as number;
      take(shim, newest);
      seen.push(...(await eventsUntil(shim, Math.min(newest + 1024, last))));
    }
    expect(sequencesOf(seen)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    expect(shim.events.items.filter(({ event }) => event === 'identified')).toEqual([]);
  }, 60_000);

  test('gets a fresh snapshot when events were dropped that no journal keeps', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    await changeLine(daemon, 1500);
    const newest = await receive(daemon, 1);
    expect(sequencesOf(await eventsUntil(shim, 1024)).at(-1)).toBe(1024);
    take(shim, 1024);
    const resync = await shim.until('identified');
    expect(resync).toMatchObject({
      resumed: true,
      snapshot: { line: { displayName: 'change 1499' }, sequence: newest },
    });
    expect((await eventsUntil(shim, newest)).map(({ name, sequence }) => [name, sequence])).toEqual([
      ['message.received', newest],
    ]);
    // Live again.
    const after = await changeLine(daemon, 1);
    expect(sequencesOf(await eventsUntil(shim, after))).toEqual([after]);
  });

  test('costs the daemon no memory, however much it does not take', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    await receive(daemon, 1024, 100);
    const before = daemon.residentBytes;
    for (let round = 0; round < 5; round += 1) {
      await changeLine(daemon, 20_000);
      await receive(daemon, 200, 60_000);
    }
    expect(await queuedEvents(shim)).toBe(1024);
    expect(daemon.residentBytes - before).toBeLessThan(60 * 1024 * 1024);
  }, 60_000);

  test('large texts fill its window by bytes, not only by number', async () => {
    const daemon = await startDaemon();
    const shim = newShim();
    await shim.hello(daemon, { line: ada });
    const last = await receive(daemon, 200, 60_000);
    expect(await queuedEvents(shim)).toBeLessThan(80);
    shim.send({ do: 'behave', taken: true });
    take(shim, 70);
    expect((await eventsUntil(shim, last)).length).toBe(last);
  }, 30_000);

  test('when it is stopped by a signal the daemon serves others, lets it go, and has it back when it goes on', async () => {
    const daemon = await startDaemon();
    const [frozen, other] = [newShim(), newShim()];
    const { sessionId } = await frozen.hello(daemon, { line: ada, sessionKey: '01'.repeat(16) });
    await other.hello(daemon, { line: ada, sessionKey: '02'.repeat(16) });
    other.send({ do: 'behave', taken: true });
    frozen.kill('SIGSTOP');
    const before = daemon.residentBytes;
    const last = await receive(daemon, 1200, 4000);
    await eventsUntil(other, last);
    await sessionCount(other, daemon, 'lost');
    expect(daemon.residentBytes - before).toBeLessThan(40 * 1024 * 1024);
    frozen.kill('SIGCONT');
    frozen.send({ do: 'link', name: 'ping', value: { nonce: 1 } });
    await frozen.until('who');
    frozen.sayHello(daemon, { line: ada, sessionKey: '01'.repeat(16), since: 0 });
    expect(await frozen.until('identified')).toMatchObject({ sessionId, resumed: true });
  }, 60_000);
});

async function queuedEvents(shim: RawShim): Promise<number> {
  const { result } = await shim.ask('daemon.status', {});
  return (result as { sessions: { eventsQueued: number }[] }).sessions[0]?.eventsQueued ?? -1;
}

/** Waits until the log says that a session came into this state. */
async function sessionCount(shim: RawShim, daemon: DaemonProcess, state: string): Promise<void> {
  const limit = Date.now() + 20_000;
  while (!daemon.log.includes(`"state":"${state}"`)) {
    if (Date.now() > limit) throw new Error(`no session came into the state ${state}`);
    await shim.ask('daemon.status', {});
  }
}
