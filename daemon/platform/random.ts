// The real source of randomness behind the port `Random`.
import { randomFillSync } from 'node:crypto';
import type { Random } from '../core/ports.ts';

export function createRandom(): Random {
  return {
    fraction: () => Math.random(),
    bytes: (count: number) => randomFillSync(new Uint8Array(count)),
  };
}
