import { describe, expect, it } from '@jest/globals';
import { MosisError, tolerated } from '../../../daemon/core/errors.ts';

function recording() {
  const lines: unknown[] = [];
  const quiet = () => {};
  return { lines, log: { error: (...line: unknown[]) => lines.push(line), warn: quiet, info: quiet, debug: quiet } };
}

describe('MosisError', () => {
  it('keeps its code for programs, its text for people, and its cause', () => {
    const cause = new Error('ENOSPC');
    const error = new MosisError('storeFailed', 'The disk is full: make room', cause);
    expect(error).toMatchObject({
      name: 'MosisError',
      code: 'storeFailed',
      message: 'The disk is full: make room',
      cause,
    });
    expect(new MosisError('internal', 'x')).not.toHaveProperty('cause');
  });
});

describe('tolerated', () => {
  it('gives what the work gives', () => {
    const { lines, log } = recording();
    expect([tolerated(log, 'counting', () => 7), lines]).toEqual([7, []]);
  });

  it('logs an expected failure and goes on', () => {
    const { lines, log } = recording();
    const work = () => {
      throw new MosisError('storeFailed', 'full');
    };
    expect(tolerated(log, 'a message could not be stored', work)).toBeUndefined();
    expect(lines).toEqual([['a message could not be stored', { code: 'storeFailed', error: 'full' }]]);
  });

  it('lets defects pass', () => {
    const work = () => {
      throw new TypeError('undefined is not a function');
    };
    expect(() => tolerated(recording().log, 'counting', work)).toThrow(TypeError);
  });
});
