import { describe, expect, test } from '@jest/globals';
import { Takeovers } from '../../../server/signalling/takeover.ts';

const [holder, first, second] = [{ is: 'holder' }, { is: 'first' }, { is: 'second' }];

describe('Takeovers', () => {
  test('asks for one ping, however many challenge', () => {
    const takeovers = new Takeovers<object>(2000);
    expect(takeovers.begin(holder, first, 0)).toBe(true);
    expect(takeovers.begin(holder, second, 500)).toBe(false);
  });

  test('finds the holder silent 2 s after the first challenge', () => {
    const takeovers = new Takeovers<object>(2000);
    takeovers.begin(holder, first, 0);
    takeovers.begin(holder, second, 1500);
    expect(takeovers.silent(1999)).toEqual([]);
    expect(takeovers.silent(2000)).toEqual([holder]);
    expect(takeovers.end(holder)).toEqual([first, second]);
  });

  test('ends with a sign of life', () => {
    const takeovers = new Takeovers<object>(2000);
    takeovers.begin(holder, first, 0);
    expect(takeovers.end(holder)).toEqual([first]);
    expect(takeovers.end(holder)).toEqual([]);
    expect(takeovers.silent(2000)).toEqual([]);
  });

  test('leaves the holder in peace when the last challenger withdraws', () => {
    const takeovers = new Takeovers<object>(2000);
    takeovers.begin(holder, first, 0);
    takeovers.begin(holder, second, 0);
    takeovers.withdraw(holder, first);
    expect(takeovers.silent(1000)).toEqual([]);
    takeovers.withdraw(holder, second);
    expect(takeovers.silent(2000)).toEqual([]);
    expect(takeovers.begin(holder, first, 3000)).toBe(true);
  });

  test('does not mind who withdraws from no contest', () => {
    const takeovers = new Takeovers<object>(2000);
    takeovers.withdraw(holder, first);
    expect(takeovers.end(holder)).toEqual([]);
  });
});
