// Rates and deadlines as plain arithmetic: the time is an argument, nothing here reads a clock or sets a timer.
import { isIPv6 } from 'node:net';

export interface BucketShape {
  /** Tokens of a full bucket. */
  readonly capacity: number;
  readonly perSecond: number;
}

/** A token bucket, full at first. Times are milliseconds of any clock that never goes back. */
export class TokenBucket {
  #tokens: number;
  #updatedMs: number;

  constructor(shape: BucketShape, nowMs: number) {
    this.#tokens = shape.capacity;
    this.#updatedMs = nowMs;
  }

  /** Takes `cost` tokens; false, and none taken, when there are fewer. A cost above the capacity asks for a full bucket. */
  take(shape: BucketShape, nowMs: number, cost = 1): boolean {
    const refilled = this.#tokens + ((nowMs - this.#updatedMs) * shape.perSecond) / 1000;
    this.#tokens = Math.min(shape.capacity, refilled);
    this.#updatedMs = nowMs;
    const price = Math.min(cost, shape.capacity);
    if (this.#tokens < price) return false;
    this.#tokens -= price;
    return true;
  }
}

/** Things that come due a fixed time after they were added; the order of adding is then the order of coming due. */
export class ExpiryQueue<T> {
  readonly #delayMs: number;
  readonly #due = new Map<T, number>();

  constructor(delayMs: number) {
    this.#delayMs = delayMs;
  }

  get size(): number {
    return this.#due.size;
  }

  /** Adds the item, or starts its time anew. */
  add(item: T, nowMs: number): void {
    this.#due.delete(item);
    this.#due.set(item, nowMs + this.#delayMs);
  }

  remove(item: T): boolean {
    return this.#due.delete(item);
  }

  /** Takes out everything that is due. */
  expired(nowMs: number): T[] {
    const found: T[] = [];
    for (const [item, dueMs] of this.#due) {
      if (dueMs > nowMs) break;
      found.push(item);
    }
    for (const item of found) this.#due.delete(item);
    return found;
  }
}

const connectWindowMs = 10_000;

/** How often one network address may connect. Forgets an address once its bucket would be full again. */
export class ConnectLimiter {
  readonly #shape: BucketShape;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #known = new ExpiryQueue<string>(connectWindowMs);

  constructor(connectsPer10s: number) {
    this.#shape = { capacity: connectsPer10s, perSecond: connectsPer10s / (connectWindowMs / 1000) };
  }

  get addresses(): number {
    return this.#buckets.size;
  }

  allow(address: string, nowMs: number): boolean {
    for (const gone of this.#known.expired(nowMs)) this.#buckets.delete(gone);
    const key = addressKey(address);
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      bucket = new TokenBucket(this.#shape, nowMs);
      this.#buckets.set(key, bucket);
    }
    this.#known.add(key, nowMs);
    return bucket.take(this.#shape, nowMs);
  }
}

/** One customer, as far as an address tells: an IPv4 address, or the /64 of an IPv6 address. */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = (plain.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const behind = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0);
    while (groups.length < 8 - behind && groups.length < 4) groups.push('0');
    groups.push(...tail.split(':'));
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
}
