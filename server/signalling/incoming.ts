// Makes one of five things of a foreign text: register, get_peers, something to forward, an unknown type without a recipient, or a bad message.
import { checkSignal, type SignalIn, type SignalValue } from '../../proto/runtime/signal.ts';
import { utf8Bytes } from '../../proto/runtime/text.ts';
import { limits } from '../../proto/schema/limits.ts';
import { phoneId } from '../../proto/schema/shim/line.ts';
import { signals } from '../../proto/schema/signalling/index.ts';

export interface Register {
  readonly kind: 'register';
  readonly type: 'register';
  readonly value: SignalValue<'register'>;
}
export interface Relay {
  readonly kind: 'relay';
  readonly type: string;
  readonly to: string;
  /** The object as it came; the caller sets `from` and forwards it. */
  readonly message: Record<string, unknown>;
}
export type Incoming =
  | Register
  | Relay
  | { readonly kind: 'getPeers'; readonly type: 'get_peers' }
  /** Of a later version, or a mistake. */
  | { readonly kind: 'unknown'; readonly type: string }
  /** `text` says what is wrong and holds nothing of the message. */
  | { readonly kind: 'bad'; readonly text: string; readonly request?: string };

const maxIdBytes = phoneId.kind === 'str' ? phoneId.maxBytes : 0;

/** Reads a message of a client. Never throws. */
export function read(json: string): Incoming {
  const checked = checkSignal(json);
  if (!('error' in checked)) return known(checked);
  const { error, cause, type, raw } = checked;
  if (cause === 'unknownType' && raw) return unknown(raw);
  return type === undefined ? { kind: 'bad', text: error } : { kind: 'bad', text: error, request: type };
}

function known(signal: SignalIn): Incoming {
  const { name, raw } = signal;
  if (name === 'register') {
    return signal.value.id === ''
      ? { kind: 'bad', text: 'register.id is empty', request: name }
      : { kind: 'register', type: name, value: signal.value };
  }
  if (name === 'get_peers') return { kind: 'getPeers', type: name };
  // Forwarded, they would let a client play the server: announce peers, or their end, to others.
  if (signals[name].direction === 'toClient') {
    return { kind: 'bad', text: `only the server sends ${name}`, request: name };
  }
  return relay(name, raw) ?? { kind: 'bad', text: `${name} misses to`, request: name };
}

function unknown(raw: Record<string, unknown>): Incoming {
  const type = raw.type as string;
  return relay(type, raw) ?? { kind: 'unknown', type };
}

/** Undefined when there is no recipient. */
function relay(type: string, message: Record<string, unknown>): Incoming | undefined {
  const { to } = message;
  if (to === undefined || to === null || to === '') return undefined;
  if (typeof to !== 'string' || utf8Bytes(to) < 1 || utf8Bytes(to) > maxIdBytes) {
    return { kind: 'bad', text: `to is not the id of a phone: text of 1 to ${maxIdBytes} bytes`, request: type };
  }
  if (deeperThan(message, limits.maxDepth)) {
    return { kind: 'bad', text: `nested deeper than ${limits.maxDepth}`, request: type };
  }
  return { kind: 'relay', type, to, message };
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Object.values(value)) if (deeperThan(inner, levels - 1)) return true;
  return false;
}
