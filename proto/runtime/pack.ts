// MessagePack by msgpackr, behind a check of foreign bytes: it trusts lengths and knows extensions, so it sees only what scan() passed.
import { Packr, Unpackr } from 'msgpackr';
import { limits } from '../schema/limits.ts';
import { malformed, ProtocolError } from './error.ts';
import { scan } from './scan.ts';

/** What msgpackr makes of our grammar, and what it gets to pack: integers of 2^32 and more are bigints there, numbers here. */
export type Wire = null | boolean | number | bigint | string | Uint8Array | Wire[] | Map<number, Wire>;

const packr = new Packr({ mapsAsObjects: false, useRecords: false });
const unpackr = new Unpackr({ mapsAsObjects: false, useRecords: false, int64AsType: 'number', copyBuffers: true });

/** A number of 2^32 and more would become a float; a bigint becomes an int64, the canonical form in STANDARD.md. */
export const packedInteger = (value: number): number | bigint => (value > 0xffff_ffff ? BigInt(value) : value);

/** @throws ProtocolError `tooLarge` */
export function pack(value: Wire[]): Uint8Array {
  const bytes = packr.pack(value);
  if (bytes.length > limits.maxMessageBytes) {
    throw new ProtocolError('tooLarge', `${bytes.length} bytes; at most ${limits.maxMessageBytes} can be sent`);
  }
  return bytes;
}

/** The values of a message. @throws ProtocolError `malformed`, `tooLarge` */
export function unpack(bytes: Uint8Array): Wire[] {
  const markedTexts = scan(bytes);
  const value: Wire = unpackr.unpack(markedTexts.length === 0 ? bytes : markedAsBinary(bytes, markedTexts));
  if (!Array.isArray(value) || value.length === 0) throw malformed('the message is not an array with a kind');
  return value;
}

const binaryHeads = new Map([
  [0xd9, 0xc4],
  [0xda, 0xc5],
  [0xdb, 0xc6],
]);

/**
 * msgpackr reads longer texts through a TextDecoder that swallows a leading U+FEFF. Texts that have one are handed to it as binary of the
 * same width; `markedText` makes them text again.
 */
function markedAsBinary(bytes: Uint8Array, headsAt: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const at of headsAt) copy[at] = binaryHeads.get(copy[at] ?? 0) ?? 0;
  return copy;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that `unpack` got as binary because it begins with U+FEFF; undefined for any other value. */
export function markedText(value: Wire | undefined): string | undefined {
  if (!(value instanceof Uint8Array) || value[0] !== 0xef || value[1] !== 0xbb || value[2] !== 0xbf) return undefined;
  try {
    return decoder.decode(value);
  } catch {
    return undefined; // Binary that only looks like one: refused by the caller like any other.
  }
}
