// The only file that knows msgpackr.
import { Packr, Unpackr } from 'msgpackr';
import { limits } from '../schema/limits.ts';
import { ProtocolError } from './error.ts';
import { scan } from './scan.ts';

const options = { useRecords: false, mapsAsObjects: false, moreTypes: false, int64AsType: 'number' } as const;
const packr = new Packr({ ...options });
const unpackr = new Unpackr({ ...options });

/** What a MessagePack value becomes in between: structs are maps by tag. */
export type Packed = boolean | number | bigint | string | Uint8Array | null | Packed[] | Map<number, Packed>;

/** Checks foreign bytes, then unpacks them. Binaries are views into `bytes`. */
export function unpack(bytes: Uint8Array): unknown {
  scan(bytes);
  return unpackr.unpack(bytes);
}

export function pack(value: Packed): Uint8Array {
  const bytes = packr.pack(value);
  if (bytes.length > limits.maxMessageBytes) {
    throw new ProtocolError('tooLarge', `${bytes.length} bytes; at most ${limits.maxMessageBytes} can be sent`);
  }
  return bytes;
}

/** msgpackr writes a number of 2^32 and more as a float; only a bigint becomes the uint64 that the wire wants. */
export const packInteger = (value: number): number | bigint => (value >= 2 ** 32 ? BigInt(value) : value);
