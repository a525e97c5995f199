// Reads bytes that scan() has passed: no bounds to check any more, only kinds.

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Below this many bytes a loop is faster than a call into the engine. */
const shortText = 24;

/** Cursor over scanned bytes. A method that meets another kind returns undefined; the message is then refused, the place lost. */
export class Reader {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  nil(): boolean {
    if (this.bytes[this.at] !== 0xc0) return false;
    this.at++;
    return true;
  }

  bool(): boolean | undefined {
    const head = this.bytes[this.at++];
    return head === 0xc3 ? true : head === 0xc2 ? false : undefined;
  }

  /** An integer in 0 … 2^53 − 1; negative ones count as another kind. */
  integer(): number | undefined {
    const head = this.bytes[this.at++] as number;
    if (head < 0x80) return head;
    if (head >= 0xcc && head <= 0xce) return this.unsigned(1 << (head - 0xcc));
    if (head === 0xcf) return this.unsigned(8);
    if (head < 0xd0 || head > 0xd3 || (this.bytes[this.at] as number) >= 0x80) return undefined;
    return this.unsigned(1 << (head - 0xd0));
  }

  array(): number | undefined {
    const head = this.bytes[this.at++] as number;
    if (head >= 0x90 && head < 0xa0) return head & 15;
    return head === 0xdc || head === 0xdd ? this.unsigned(2 << (head - 0xdc)) : undefined;
  }

  map(): number | undefined {
    const head = this.bytes[this.at++] as number;
    if (head >= 0x80 && head < 0x90) return head & 15;
    return head === 0xde || head === 0xdf ? this.unsigned(2 << (head - 0xde)) : undefined;
  }

  /** A text of at most `maxBytes`; a longer one counts as another kind, and is not decoded. */
  text(maxBytes: number): string | undefined {
    const head = this.bytes[this.at++] as number;
    let size: number;
    if (head >= 0xa0 && head < 0xc0) size = head & 31;
    else if (head >= 0xd9 && head <= 0xdb) size = this.unsigned(1 << (head - 0xd9));
    else return undefined;
    if (size > maxBytes) return undefined;
    const start = this.at;
    this.at += size;
    return (
      (size < shortText ? this.ascii(start, this.at) : undefined) ?? decoder.decode(this.bytes.subarray(start, this.at))
    );
  }

  /** A copy: a view would keep the whole message alive for sixteen bytes. */
  binary(minBytes: number, maxBytes: number): Uint8Array | undefined {
    const head = this.bytes[this.at++] as number;
    if (head < 0xc4 || head > 0xc6) return undefined;
    const size = this.unsigned(1 << (head - 0xc4));
    if (size < minBytes || size > maxBytes) return undefined;
    const start = this.at;
    this.at += size;
    // Of a Buffer, slice() would be a view again.
    return new Uint8Array(this.bytes.subarray(start, this.at));
  }

  /** Passes over one value of any kind and returns its bytes. */
  take(): Uint8Array {
    const start = this.at;
    this.skip();
    return this.bytes.subarray(start, this.at);
  }

  skip(): void {
    // Counts what is still to be passed over instead of recursing.
    for (let values = 1; values > 0; values--) {
      const head = this.bytes[this.at++] as number;
      if (head < 0x80 || head >= 0xe0) continue;
      if (head < 0x90) values += 2 * (head & 15);
      else if (head < 0xa0) values += head & 15;
      else if (head < 0xc0) this.at += head & 31;
      else if (head >= 0xde) values += 2 * this.unsigned(2 << (head - 0xde));
      else if (head >= 0xdc) values += this.unsigned(2 << (head - 0xdc));
      else if (head >= 0xd9) this.pass(1 << (head - 0xd9));
      else if (head >= 0xcc) this.at += 1 << (head & 3);
      else if (head >= 0xc4) this.pass(1 << (head - 0xc4));
    }
  }

  private pass(width: number): void {
    const size = this.unsigned(width);
    this.at += size;
  }

  private unsigned(width: number): number {
    let value = 0;
    for (const end = this.at + width; this.at < end; this.at++) value = value * 256 + (this.bytes[this.at] as number);
    return value;
  }

  private ascii(start: number, end: number): string | undefined {
    let text = '';
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] as number;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }
}
