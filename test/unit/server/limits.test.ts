import { describe, expect, test } from '@jest/globals';
import { addressKey, ConnectLimiter, ExpiryQueue, TokenBucket } from '../../../server/signalling/limits.ts';

describe('TokenBucket', () => {
  const shape = { capacity: 120, perSecond: 30 };
  const takes = (bucket: TokenBucket, nowMs: number, tries: number): number => {
    let taken = 0;
    for (let i = 0; i < tries; i++) if (bucket.take(shape, nowMs)) taken += 1;
    return taken;
  };

  test('gives its whole capacity at once, then nothing', () => {
    expect(takes(new TokenBucket(shape, 0), 0, 500)).toBe(120);
  });

  test('refills at its rate', () => {
    const bucket = new TokenBucket(shape, 0);
    takes(bucket, 0, 120);
    expect(takes(bucket, 1000, 500)).toBe(30);
    expect(takes(bucket, 1033, 500)).toBe(0);
    expect(takes(bucket, 1034, 500)).toBe(1);
  });

  test('never holds more than its capacity', () => {
    expect(takes(new TokenBucket(shape, 0), 3_600_000, 500)).toBe(120);
  });

  test('sustains exactly its rate for an hour', () => {
    const bucket = new TokenBucket(shape, 0);
    let taken = 0;
    for (let nowMs = 0; nowMs < 3_600_000; nowMs += 100) taken += takes(bucket, nowMs, 10);
    expect(taken).toBeGreaterThanOrEqual(108_000);
    expect(taken).toBeLessThanOrEqual(108_000 + 120);
  });

  test('takes several tokens or none', () => {
    const bucket = new TokenBucket(shape, 0);
    expect(bucket.take(shape, 0, 119)).toBe(true);
    expect(bucket.take(shape, 0, 2)).toBe(false);
    expect(bucket.take(shape, 0, 1)).toBe(true);
  });

  test('sells for a full bucket what costs more than one', () => {
    const bucket = new TokenBucket(shape, 0);
    expect(bucket.take(shape, 0, 1000)).toBe(true);
    expect(bucket.take(shape, 3999, 1000)).toBe(false);
    expect(bucket.take(shape, 4000, 1000)).toBe(true);
  });
});

describe('ExpiryQueue', () => {
  test('hands out what is due, in the order of adding, and only once', () => {
    const queue = new ExpiryQueue<string>(1000);
    queue.add('a', 0);
    queue.add('b', 500);
    expect(queue.expired(999)).toEqual([]);
    expect(queue.expired(1000)).toEqual(['a']);
    expect(queue.expired(5000)).toEqual(['b']);
    expect(queue.size).toBe(0);
  });

  test('starts the time anew when something is added again', () => {
    const queue = new ExpiryQueue<string>(1000);
    queue.add('a', 0);
    queue.add('b', 0);
    queue.add('a', 900);
    expect(queue.expired(1000)).toEqual(['b']);
    expect(queue.expired(1900)).toEqual(['a']);
  });

  test('forgets what is removed', () => {
    const queue = new ExpiryQueue<string>(1000);
    queue.add('a', 0);
    expect(queue.remove('a')).toBe(true);
    expect(queue.remove('a')).toBe(false);
    expect(queue.expired(1000)).toEqual([]);
  });
});

describe('ConnectLimiter', () => {
  test('limits each address on its own', () => {
    const limiter = new ConnectLimiter(2);
    expect([1, 2, 3].map(() => limiter.allow('192.0.2.1', 0))).toEqual([true, true, false]);
    expect(limiter.allow('192.0.2.2', 0)).toBe(true);
  });

  test('lets an address in again as time passes', () => {
    const limiter = new ConnectLimiter(2);
    limiter.allow('192.0.2.1', 0);
    limiter.allow('192.0.2.1', 0);
    expect(limiter.allow('192.0.2.1', 4999)).toBe(false);
    expect(limiter.allow('192.0.2.1', 5000)).toBe(true);
  });

  test('does not let in one that keeps knocking', () => {
    const limiter = new ConnectLimiter(2);
    let allowed = 0;
    for (let nowMs = 0; nowMs < 100_000; nowMs += 10) if (limiter.allow('192.0.2.1', nowMs)) allowed += 1;
    expect(allowed).toBeGreaterThanOrEqual(20);
    expect(allowed).toBeLessThanOrEqual(22);
  });

  test('forgets addresses that are quiet, so that it cannot be filled', () => {
    const limiter = new ConnectLimiter(2);
    for (let i = 0; i < 1000; i++) limiter.allow(`192.0.2.${i}`, i);
    expect(limiter.addresses).toBe(1000);
    limiter.allow('198.51.100.1', 20_000);
    expect(limiter.addresses).toBe(1);
  });
});

describe('addressKey', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8::5:6:7:8:9', '2001:db8:0:5'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
    ['', ''],
  ])('takes %s for %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
