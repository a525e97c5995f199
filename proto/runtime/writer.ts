// Writes canonical MessagePack. By hand, because msgpackr has no way to write an integer of 2^32 and more as uint64: numbers become
// floats there, and bigints int64.
import { limits } from '../schema/limits.ts';
import { ProtocolError } from './error.ts';

const encoder = new TextEncoder();
/** Below this many UTF-16 units a loop is faster than a call into the engine. */
const shortText = 48;
/** A buffer that grew beyond this for one message is not kept. */
const keptBytes = 65_536;

export class Writer {
  private bytes = new Uint8Array(1024);
  private size = 0;

  begin(): void {
    if (this.bytes.length > keptBytes) this.bytes = new Uint8Array(1024);
    this.size = 0;
  }

  /** A copy of what was written. @throws ProtocolError `tooLarge` */
  finish(): Uint8Array {
    if (this.size > limits.maxMessageBytes) {
      throw new ProtocolError('tooLarge', `${this.size} bytes; at most ${limits.maxMessageBytes} can be sent`);
    }
    return this.bytes.slice(0, this.size);
  }

  nil(): void {
    this.head(0xc0);
  }

  bool(value: boolean): void {
    this.head(value ? 0xc3 : 0xc2);
  }

  /** An integer in 0 … 2^53 − 1. */
  integer(value: number): void {
    if (value < 0x80) {
      this.head(value);
    } else if (value <= 0xff) {
      this.sized(0xcc, value, 1);
    } else if (value <= 0xffff) {
      this.sized(0xcd, value, 2);
    } else if (value <= 0xffff_ffff) {
      this.sized(0xce, value, 4);
    } else {
      this.sized(0xcf, Math.floor(value / 2 ** 32), 4);
      this.reserve(4);
      this.put(value % 2 ** 32, 4);
    }
  }

  array(items: number): void {
    if (items < 16) this.head(0x90 | items);
    else this.sized(items <= 0xffff ? 0xdc : 0xdd, items, items <= 0xffff ? 2 : 4);
  }

  map(pairs: number): void {
    if (pairs < 16) this.head(0x80 | pairs);
    else this.sized(0xde, pairs, 2);
  }

  /** Well-formed text of `size` bytes in UTF-8. */
  text(value: string, size: number): void {
    if (size < 32) this.head(0xa0 | size);
    else this.lengthHead(0xd9, size);
    this.reserve(size);
    if (value.length < shortText) this.putText(value);
    else encoder.encodeInto(value, this.bytes.subarray(this.size, this.size + size));
    this.size += size;
  }

  binary(value: Uint8Array): void {
    this.lengthHead(0xc4, value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.size);
    this.size += value.length;
  }

  /** Length in 1, 2 or 4 bytes, whose first bytes follow one another. */
  private lengthHead(first: number, length: number): void {
    if (length <= 0xff) this.sized(first, length, 1);
    else if (length <= 0xffff) this.sized(first + 1, length, 2);
    else this.sized(first + 2, length, 4);
  }

  private head(first: number): void {
    this.reserve(1);
    this.bytes[this.size++] = first;
  }

  private sized(first: number, value: number, width: number): void {
    this.reserve(1 + width);
    this.bytes[this.size++] = first;
    this.put(value, width);
  }

  private put(value: number, width: number): void {
    for (let shift = 8 * (width - 1); shift >= 0; shift -= 8) this.bytes[this.size++] = (value >>> shift) & 0xff;
  }

  private putText(value: string): void {
    const { bytes } = this;
    let at = this.size;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit < 0x80) {
        bytes[at++] = unit;
        continue;
      }
      const point = unit < 0xd800 || unit > 0xdfff ? unit : (value.codePointAt(i++) as number);
      if (point < 0x800) {
        bytes[at++] = 0xc0 | (point >> 6);
      } else {
        if (point < 0x10000) {
          bytes[at++] = 0xe0 | (point >> 12);
        } else {
          bytes[at++] = 0xf0 | (point >> 18);
          bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
        }
        bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      }
      bytes[at++] = 0x80 | (point & 0x3f);
    }
  }

  private reserve(more: number): void {
    if (this.bytes.length - this.size >= more) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.size + more));
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
  }
}

const writer = new Writer();

/** Bytes of what `write` writes. One buffer serves all messages: `write` must not call this again. */
export function writeMessage(write: (writer: Writer) => void): Uint8Array {
  writer.begin();
  write(writer);
  return writer.finish();
}
