import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeLink, encodeRequest } from '../../../proto/runtime/index.ts';
import { type DaemonProcess, RawShim } from '../../support/daemonProcess.ts';
import { ada, harness, sharedDaemon } from './harness.ts';

const { startDaemon, newShim } = harness();
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const send = encodeRequest(7, 'message.send', { peerId: 'bob', text: 'hi' });

async function malformedCount(shim: RawShim): Promise<number> {
  const { result } = await shim.ask('daemon.status', {});
  return (result as { malformedMessages: number }).malformedMessages;
}

const daemonOfAll = sharedDaemon();
let shim: RawShim;
beforeAll(async () => {
  shim = new RawShim();
  await shim.hello(daemonOfAll(), { line: ada });
});
afterAll(async () => {
  await shim.stop();
});

/** A daemon and a game of its own, for what ends one of the two. */
async function identified(): Promise<{ daemon: DaemonProcess; shim: RawShim }> {
  const daemon = await startDaemon();
  const shim = newShim();
  await shim.hello(daemon, { line: ada });
  return { daemon, shim };
}

describe('a malformed message is refused whole and counted, and the session goes on', () => {
  test.each([
    ['nothing', ''],
    ['no MessagePack', 'c1'],
    ['random bytes', 'fffefdfcfbfa00'],
    ['HTTP', hex(Buffer.from('GET / HTTP/1.1\r\n\r\n'))],
    ['a map instead of an array', '80'],
    ['an empty array', '90'],
    ['a truncated request', hex(send.subarray(0, -3))],
    ['bytes after the end', `${hex(send)}00`],
    ['a length of 4 GB', '9110dbffffffff'],
    ['nesting without end', '91'.repeat(100_000)],
    ['a request without an id', '9610000180c0c0'],
    ['a request with id 0', '961000cd010180 00c0'.replaceAll(' ', '')],
    ['an event, which games do not send', '941201cd028180'],
    ['identified, which games do not send', '920280'],
    ['a wrongly typed taken', '920881 01a178'.replaceAll(' ', '')],
    ['a taken without its field', '920880'],
    ['a float', '91cb3ff0000000000000'],
  ])('%s', async (_what, bytes) => {
    const before = await malformedCount(shim);
    shim.bytes(bytes);
    expect(await malformedCount(shim)).toBe(before + 1);
    expect(await shim.ask('message.send', { peerId: 'bob', text: 'fine' })).toMatchObject({ ok: true });
  });

  test('two parts where one belongs', async () => {
    const before = await malformedCount(shim);
    shim.bytes(hex(send), hex(send));
    expect(await malformedCount(shim)).toBe(before + 1);
  });

  test('a message kind of a newer shim is ignored and not counted', async () => {
    const before = await malformedCount(shim);
    shim.bytes('926380');
    expect(await malformedCount(shim)).toBe(before);
  });
});

describe('a request that can be answered is answered', () => {
  test('an unknown method', async () => {
    shim.bytes('961005cd7fff8000c0');
    const answer = await shim.until('response', ({ requestId }) => requestId === 5);
    expect(answer).toMatchObject({
      ok: false,
      code: 'unknownMethod',
      text: expect.stringContaining('update the daemon'),
    });
  });

  test.each([
    ['a missing parameter', '8101a3626f62'],
    ['a parameter of the wrong type', '8201a3626f620205'],
  ])('%s', async (_what, params) => {
    shim.bytes(`961006cd0401${params}00c0`);
    const answer = await shim.until('response', ({ requestId }) => requestId === 6);
    expect(answer).toMatchObject({ ok: false, code: 'invalidArgument', text: expect.stringContaining('protocol.md') });
  });

  test.each([
    ['parameters that are no map', 'a3626f62'],
    ['a parameter twice', '8301a3626f6202a16802a168'],
    ['text that is not UTF-8', '8201a3626f6202a2c328'],
  ])('%s: the envelope itself is broken, so it is counted and not answered', async (_what, params) => {
    const before = await malformedCount(shim);
    shim.bytes(`961006cd0401${params}00c0`);
    expect(await malformedCount(shim)).toBe(before + 1);
  });

  test('a text of 64 KiB is taken, one byte more is invalidArgument', async () => {
    expect(await shim.ask('message.send', { peerId: 'bob', text: 'x'.repeat(65_536) })).toMatchObject({ ok: true });
    const whole = encodeRequest(99, 'message.send', { peerId: 'bob', text: 'x'.repeat(65_536) });
    // One byte more: str32 with a length of 65537.
    const longer = hex(whole).replace('db00010000', 'db00010001').replace(/00c0$/, '7800c0');
    shim.bytes(longer);
    const answer = await shim.until('response', ({ requestId }) => requestId === 99);
    expect(answer).toMatchObject({ ok: false, code: 'invalidArgument' });
  });

  test('a defect of ours is answered as internal and stands in the log', async () => {
    const daemon = daemonOfAll();
    expect(await shim.ask('peers.get', { peerId: 'defect' })).toMatchObject({ ok: false, code: 'internal' });
    expect(daemon.log).toContain('TypeError: a defect');
  });
});

test('a malformed hello is refused with what to check', async () => {
  const stranger = newShim();
  stranger.connect(daemonOfAll());
  stranger.bytes('920180');
  expect(await stranger.until('refused')).toMatchObject({
    code: 'malformed',
    text: expect.stringContaining('STANDARD.md'),
  });
});

test('a message above 1 MiB ends the connection and reaches nobody; others go on', async () => {
  const { daemon, shim } = await identified();
  const other = newShim();
  await other.hello(daemon, { sessionKey: '11'.repeat(16) });
  shim.bytes('c6'.padEnd(2 * 1024 * 1024 + 2, '0'));
  await shim.until('monitor', ({ type }) => type === 'disconnect');
  expect(await malformedCount(other)).toBe(0);
});

test('100 malformed messages in 10 s end the connection: it is told once and not heard again', async () => {
  const { daemon, shim } = await identified();
  shim.send({ do: 'bytes', parts: ['c1'], times: 300 });
  expect(await shim.until('refused')).toMatchObject({ code: 'malformed', text: expect.stringContaining('Too many') });
  await daemon.told.until(({ event }) => event === 'detach', 'the session to leave its line');
  shim.send({ do: 'link', name: 'ping', value: { nonce: 1 } });
  const other = newShim();
  await other.hello(daemon, { sessionKey: '11'.repeat(16) });
  expect(await malformedCount(other)).toBe(100);
  expect(shim.events.items.filter(({ event }) => event === 'pong' || event === 'refused')).toEqual([]);
});

test('a flood of good messages is answered one by one', async () => {
  const ping = hex(encodeLink('ping', { nonce: 5 }));
  shim.send({ do: 'bytes', parts: [ping], times: 2000 });
  for (let count = 0; count < 2000; count += 1) await shim.until('pong');
});
