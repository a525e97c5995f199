import { describe, expect, it } from '@jest/globals';
import { uuidV7 } from '../../../../daemon/core/message/uuid.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('UUIDv7', () => {
  it('is the example of RFC 9562, appendix A.6, for its time and random bits', () => {
    const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
    expect(hex(uuidV7(0x017f22e279b0, random))).toBe('017f22e279b07cc398c4dc0c0c07398f');
  });

  it('has its version and variant whatever the random bits are', () => {
    for (const byte of [0x00, 0xff]) {
      const uuid = uuidV7(1_795_500_000_000, new Uint8Array(10).fill(byte));
      expect([(uuid[6] ?? 0) >> 4, (uuid[8] ?? 0) >> 6]).toEqual([7, 2]);
    }
  });

  it('sorts by time', () => {
    const random = new Uint8Array(10).fill(0xff);
    const times = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 47];
    const uuids = times.map((time) => hex(uuidV7(time, random)));
    expect([...uuids].sort()).toEqual(uuids);
  });
});
