// UTF-8 by hand: the runtime runs in Node and in browsers and needs lengths and checks, not copies.

const encoder = new TextEncoder();

/** Bytes of `text` in UTF-8; −1 when it holds U+0000 or half a surrogate pair, which no wire carries. */
export function utf8Bytes(text: string): number {
  const { length } = text;
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

/** UTF-8 of `text`. @throws RangeError when it holds U+0000 or half a surrogate pair */
export function toUtf8(text: string): Uint8Array {
  const size = utf8Bytes(text);
  if (size < 0) throw new RangeError('text holds U+0000 or half a surrogate pair');
  const out = new Uint8Array(size);
  encoder.encodeInto(text, out);
  return out;
}
