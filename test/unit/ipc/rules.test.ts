import { describe, expect, test } from '@jest/globals';
import { agree } from '../../../daemon/ipc/hello.ts';
import { judgeIdle } from '../../../daemon/ipc/idleExit.ts';
import { MalformedCounter } from '../../../daemon/ipc/malformed.ts';
import { refusal } from '../../../daemon/ipc/zap.ts';
import type { LinkValue } from '../../../proto/runtime/index.ts';

describe('who may connect', () => {
  test.each([
    ['our own uid on ipc', 'localhost:1000:1000:77', 'NULL', 'ipc', undefined],
    ['another uid on ipc', 'localhost:1001:1000:77', 'NULL', 'ipc', 'uid 1001 is not the owner of this daemon'],
    ['root on ipc', 'localhost:0:0:77', 'NULL', 'ipc', 'uid 0 is not the owner of this daemon'],
    ['an address without a uid on ipc', '127.0.0.1', 'NULL', 'ipc', 'uid unknown is not the owner of this daemon'],
    [
      'a uid that only begins like ours',
      'localhost:10001:1:1',
      'NULL',
      'ipc',
      'uid 10001 is not the owner of this daemon',
    ],
    ['CURVE from this machine on tcp', '127.0.0.1', 'CURVE', 'tcp', undefined],
    ['no CURVE on tcp', '127.0.0.1', 'NULL', 'tcp', 'CURVE is required on tcp'],
    ['another machine on tcp', '192.0.2.1', 'CURVE', 'tcp', 'not from this machine'],
  ] as const)('%s', (_who, address, mechanism, transport, expected) => {
    expect(refusal({ address, mechanism }, transport, 1000)).toBe(expected);
  });
});

describe('hello', () => {
  const hello: LinkValue<'hello'> = {
    ...{ protocolMin: 1, protocolMax: 1, token: 'secret', sessionKey: new Uint8Array(16), app: 'a', pid: 1, events: 0 },
  };

  test('the highest version that both speak is chosen', () => {
    expect(agree({ ...hello, protocolMax: 7 }, 'secret', '0').protocol).toBe(1);
  });

  test.each([
    [2, 3],
    [0, 0],
    [2, 1],
  ])('versions %i to %i are a mismatch', (protocolMin, protocolMax) => {
    const mismatch = () => agree({ ...hello, protocolMin, protocolMax }, 'secret', '0');
    expect(mismatch).toThrow(expect.objectContaining({ code: 'protocolMismatch' }));
  });

  test.each(['', 'secre', 'secret ', 'SECRET'])('the token "%s" is wrong, whatever its length', (token) => {
    expect(() => agree({ ...hello, token }, 'secret', '0')).toThrow(expect.objectContaining({ code: 'tokenWrong' }));
  });

  test('no scopes means all of them', () => {
    expect(agree(hello, 'secret', '0').scopes).toEqual(['all']);
    expect(agree({ ...hello, scopes: ['observe'] }, 'secret', '0').scopes).toEqual(['observe']);
  });
});

describe('malformed messages', () => {
  test('100 within 10 s are a flood, 99 are not', () => {
    const counter = new MalformedCounter();
    for (let count = 1; count < 100; count += 1) expect(counter.count(count)).toBe(false);
    expect(counter.count(100)).toBe(true);
  });

  test('a new window begins after 10 s', () => {
    const counter = new MalformedCounter();
    for (let count = 1; count < 100; count += 1) counter.count(0);
    expect(counter.count(10_001)).toBe(false);
  });
});

describe('idle exit', () => {
  const limitMs = 30_000;

  test('it is due once nobody was there for the whole time', () => {
    let { idleSinceMs, due } = judgeIdle(undefined, { occupied: false, nowMs: 1000, limitMs });
    expect({ idleSinceMs, due }).toEqual({ idleSinceMs: 1000, due: false });
    ({ idleSinceMs, due } = judgeIdle(idleSinceMs, { occupied: false, nowMs: 30_999, limitMs }));
    expect(due).toBe(false);
    expect(judgeIdle(idleSinceMs, { occupied: false, nowMs: 31_000, limitMs }).due).toBe(true);
  });

  test('a game in between starts the time anew', () => {
    const occupied = judgeIdle(1000, { occupied: true, nowMs: 40_000, limitMs });
    expect(occupied).toEqual({ idleSinceMs: undefined, due: false });
    expect(judgeIdle(occupied.idleSinceMs, { occupied: false, nowMs: 40_001, limitMs }).idleSinceMs).toBe(40_001);
  });
});
