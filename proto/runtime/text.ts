// Lengths and checks of UTF-8, in Node and in browsers.

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** From this many units or bytes on, a call into the engine is faster than a loop. */
const longText = 256;
/** Takes every text of up to 65536 UTF-16 units, three bytes each. */
const scratch = new Uint8Array(3 * 65_536);

/** Bytes of `text` in UTF-8; −1 when it holds U+0000 or half a surrogate pair, which no wire carries. */
export function utf8Bytes(text: string): number {
  const { length } = text;
  if (length >= longText && length * 3 <= scratch.length) {
    return text.isWellFormed() && !text.includes('\0') ? encoder.encodeInto(text, scratch).written : -1;
  }
  let bytes = length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      if (unit === 0) return -1;
    } else if (unit < 0x800) {
      bytes += 1;
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes += 2;
    } else {
      // Two units make four bytes.
      if (unit > 0xdbff) return -1;
      const low = i + 1 < length ? text.charCodeAt(i + 1) : 0;
      if (low < 0xdc00 || low > 0xdfff) return -1;
      bytes += 2;
      i++;
    }
  }
  return bytes;
}

const isTail = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Bytes of the sequence that begins at `at` (RFC 3629, table of section 4), or 0 when there is none that is well-formed. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] as number;
  const second = at + 1 < end ? (bytes[at + 1] as number) : 0;
  if (first >= 0xc2 && first <= 0xdf) return isTail(second) ? 2 : 0;
  if ((first & 0xf0) === 0xe0) {
    if (at + 2 >= end || !isTail(second) || !isTail(bytes[at + 2])) return 0;
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
    return 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (at + 3 >= end || !isTail(second) || !isTail(bytes[at + 2]) || !isTail(bytes[at + 3])) return 0;
    if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
    return 4;
  }
  return 0;
}

/** True when `bytes[start … end)` is well-formed UTF-8 without U+0000. */
export function isText(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start >= longText) return isLongText(bytes.subarray(start, end));
  for (let i = start; i < end; ) {
    const byte = bytes[i] as number;
    if (byte < 0x80) {
      if (byte === 0) return false;
      i++;
    } else {
      const length = sequenceLength(bytes, i, end);
      if (length === 0) return false;
      i += length;
    }
  }
  return true;
}

function isLongText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false; // Not well-formed: what was asked.
  }
}

/** UTF-8 of `text`. @throws RangeError when it holds U+0000 or half a surrogate pair */
export function toUtf8(text: string): Uint8Array {
  const size = utf8Bytes(text);
  if (size < 0) throw new RangeError('text holds U+0000 or half a surrogate pair');
  const out = new Uint8Array(size);
  encoder.encodeInto(text, out);
  return out;
}
