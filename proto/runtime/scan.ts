// Walks foreign bytes before anything is made of them: what passes is one value of the grammar in STANDARD.md, whole and bounded.
// It says nothing of schemas.
import { limits } from '../schema/limits.ts';
import { malformed, ProtocolError } from './error.ts';
import { isText } from './text.ts';

// The high half of a 64-bit integer must stay below this for the whole to stay below 2^53.
const highEnd = 0x20_0000;

class Scanner {
  private at = 0;
  private values = 0;
  /** Where texts with a length of their own begin that have a leading U+FEFF; see pack.ts. */
  readonly markedTexts: number[] = [];
  private readonly bytes: Uint8Array;
  private readonly end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  scanAll(): void {
    this.value(0);
    if (this.at !== this.end) throw malformed(`${this.end - this.at} bytes follow the message`);
  }

  private value(depth: number): void {
    this.count();
    const head = this.unsigned(1);
    if (head < 0x80 || head >= 0xe0) return;
    if (head < 0x90) this.map(head & 15, depth);
    else if (head < 0xa0) this.array(head & 15, depth);
    else if (head < 0xc0) this.text(head & 31);
    else this.wide(head, depth);
  }

  private wide(head: number, depth: number): void {
    switch (head) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        this.skip(this.unsigned(1 << (head - 0xc4)));
        return;
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xd0:
      case 0xd1:
      case 0xd2:
        this.skip(1 << (head & 3));
        return;
      case 0xcf:
        this.uint64();
        return;
      case 0xd3:
        this.int64();
        return;
      case 0xd9:
      case 0xda:
      case 0xdb:
        this.longText(head);
        return;
      case 0xdc:
      case 0xdd:
        this.array(this.unsigned(2 << (head - 0xdc)), depth);
        return;
      case 0xde:
      case 0xdf:
        this.map(this.unsigned(2 << (head - 0xde)), depth);
        return;
      default:
        throw malformed(`byte 0x${head.toString(16)} at ${this.at - 1}: floats and extensions are not used`);
    }
  }

  private array(size: number, depth: number): void {
    this.container(size, depth);
    for (let i = 0; i < size; i++) this.value(depth + 1);
  }

  // Keys are tags in strictly ascending order: that also refuses a tag that comes twice, without remembering any.
  private map(size: number, depth: number): void {
    this.container(size * 2, depth);
    let previous = -1;
    for (let i = 0; i < size; i++) {
      const tag = this.tag();
      if (tag <= previous) throw malformed(`tag ${tag} after ${previous}: tags must ascend`);
      previous = tag;
      this.value(depth + 1);
    }
  }

  private container(values: number, depth: number): void {
    if (depth >= limits.maxDepth) throw malformed(`nested deeper than ${limits.maxDepth}`);
    // Each value takes at least a byte, so a larger count is a lie.
    if (values > this.end - this.at) throw malformed(`${values} values announced, ${this.end - this.at} bytes left`);
  }

  private tag(): number {
    this.count();
    const head = this.unsigned(1);
    if (head < 0x80) return head;
    if (head >= 0xcc && head <= 0xce) return this.unsigned(1 << (head - 0xcc));
    if (head === 0xcf) return this.uint64();
    if (head >= 0xd0 && head <= 0xd2) {
      const width = 1 << (head - 0xd0);
      const raw = this.unsigned(width);
      if (raw < 2 ** (8 * width - 1)) return raw;
    } else if (head === 0xd3) {
      const value = this.int64();
      if (value >= 0) return value;
    }
    throw malformed(`byte ${this.at}: a key is not a tag`);
  }

  private uint64(): number {
    const high = this.unsigned(4);
    const low = this.unsigned(4);
    if (high >= highEnd) throw malformed('integer above 2^53 − 1');
    return high * 2 ** 32 + low;
  }

  private int64(): number {
    const value = (this.unsigned(4) | 0) * 2 ** 32 + this.unsigned(4);
    if (!Number.isSafeInteger(value)) throw malformed('integer beyond ±(2^53 − 1)');
    return value;
  }

  private text(size: number): void {
    const start = this.at;
    this.skip(size);
    if (!isText(this.bytes, start, this.at)) throw malformed(`text at byte ${start} is not UTF-8 or holds U+0000`);
  }

  private longText(head: number): void {
    const headAt = this.at - 1;
    const size = this.unsigned(1 << (head - 0xd9));
    const { bytes, at } = this;
    this.text(size);
    if (size >= 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf)
      this.markedTexts.push(headAt);
  }

  private unsigned(width: number): number {
    const start = this.at;
    this.skip(width);
    let value = 0;
    for (let i = start; i < this.at; i++) value = value * 256 + (this.bytes[i] as number);
    return value;
  }

  private skip(size: number): void {
    if (size > this.end - this.at) throw malformed(`truncated at byte ${this.end}`);
    this.at += size;
  }

  private count(): void {
    if (++this.values > limits.maxValues) throw malformed(`more than ${limits.maxValues} values`);
  }
}

/**
 * Checks that `bytes` are one value that STANDARD.md allows. Gives the places of texts that msgpackr would shorten; see pack.ts.
 * @throws ProtocolError `tooLarge` or `malformed`
 */
export function scan(bytes: Uint8Array): readonly number[] {
  if (bytes.length > limits.maxMessageBytes) {
    throw new ProtocolError('tooLarge', `${bytes.length} bytes; at most ${limits.maxMessageBytes} are allowed`);
  }
  const scanner = new Scanner(bytes);
  scanner.scanAll();
  return scanner.markedTexts;
}
