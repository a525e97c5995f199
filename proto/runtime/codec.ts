// Compiles the fields of a struct into a pair of closures, once per message: checked value ⇄ map by tag.
// The path in the error texts is built while compiling, so that a good message costs no strings.
import type { Enumeration, Field, Fields, WireType } from '../dsl.ts';
import { ProtocolError } from './error.ts';
import { type Packed, packInteger } from './pack.ts';
import { utf8Bytes } from './text.ts';

export interface Codec<Value, Wire extends Packed = Packed> {
  /** @throws ProtocolError `invalidArgument` when `value` breaks the schema */
  encode(value: Value): Wire;
  /** @throws ProtocolError `malformed` when `wire` breaks the schema */
  decode(wire: unknown): Value;
}

/** What is wrong with a value, or undefined. */
type Check = (value: unknown) => string | undefined;

const given = (path: string, text: string) => new ProtocolError('invalidArgument', `${path} ${text}`);
const received = (path: string, text: string) => new ProtocolError('malformed', `${path} ${text}`);

export function checkInteger(value: unknown, max: number): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return 'is not an integer';
  return value < 0 || value > max ? `is not within 0 … ${max}` : undefined;
}

export function checkText(value: unknown, maxBytes: number): string | undefined {
  if (typeof value !== 'string') return 'is not a text';
  const size = utf8Bytes(value);
  if (size < 0) return 'holds U+0000 or half a surrogate pair';
  return size > maxBytes ? `has ${size} bytes of UTF-8, at most ${maxBytes} are allowed` : undefined;
}

export function checkBytes(value: unknown, minBytes: number, maxBytes: number): string | undefined {
  if (!(value instanceof Uint8Array)) return 'is not binary';
  const { length } = value;
  if (length >= minBytes && length <= maxBytes) return undefined;
  return `has ${length} bytes, ${minBytes} to ${maxBytes} are allowed`;
}

export const checkBool: Check = (value) => (typeof value === 'boolean' ? undefined : 'is not a boolean');

const same = (value: never): never => value;

/** A type that needs a check and at most a conversion. */
function plain(
  path: string,
  check: Check,
  toWire: (value: never) => Packed = same,
  fromWire: (value: never) => unknown = same,
): Codec<unknown> {
  return {
    encode(value) {
      const wrong = check(value);
      if (wrong !== undefined) throw given(path, wrong);
      return toWire(value as never);
    },
    decode(wire) {
      const wrong = check(wire);
      if (wrong !== undefined) throw received(path, wrong);
      return fromWire(wire as never);
    },
  };
}

function enumCodec(enumeration: Enumeration, path: string): Codec<unknown> {
  const numbers = new Map<unknown, number>();
  const names = new Map<unknown, string>();
  for (const [name, [number]] of Object.entries(enumeration.values)) {
    numbers.set(name, number);
    names.set(number, name);
  }
  return {
    encode(value) {
      const number = numbers.get(value);
      if (number === undefined) throw given(path, `is not a ${enumeration.name}`);
      return number;
    },
    decode(wire) {
      const name = names.get(wire);
      if (name === undefined) throw received(path, `is not a ${enumeration.name}`);
      return name;
    },
  };
}

function listCodec(item: WireType, maxItems: number, path: string): Codec<unknown> {
  const inner = typeCodec(item, `${path}[]`);
  const check = (value: unknown): string | undefined => {
    if (!Array.isArray(value)) return 'is not a list';
    return value.length > maxItems ? `has ${value.length} items, at most ${maxItems} are allowed` : undefined;
  };
  return plain(
    path,
    check,
    (value: unknown[]) => value.map(inner.encode),
    (wire: unknown[]) => wire.map(inner.decode),
  );
}

function typeCodec(type: WireType, path: string): Codec<unknown> {
  switch (type.kind) {
    case 'bool':
      return plain(path, checkBool);
    case 'u32':
      return plain(path, (value) => checkInteger(value, 0xffff_ffff));
    case 'u53':
      return plain(path, (value) => checkInteger(value, Number.MAX_SAFE_INTEGER), packInteger);
    case 'str':
      return plain(path, (value) => checkText(value, type.maxBytes));
    case 'bin': {
      // A copy: a view would keep the whole message alive for sixteen bytes.
      const copy = (view: Uint8Array) => new Uint8Array(view);
      return plain(path, (value) => checkBytes(value, type.minBytes, type.maxBytes), same, copy);
    }
    case 'enum':
      return enumCodec(type.enumeration, path);
    case 'struct':
      return structCodec(type.struct.fields, path);
    case 'list':
      return listCodec(type.item, type.maxItems, path);
    default:
      return type satisfies never;
  }
}

/** Codec of a struct; its wire form is a map with ascending tags. `path` names it in error texts. */
export function structCodec(fields: Fields, path: string): Codec<unknown, Map<number, Packed>> {
  const slots = Object.entries<Field>(fields)
    .map(([name, { tag, optional, type }]) => ({ name, tag, optional, codec: typeCodec(type, `${path}.${name}`) }))
    .sort((a, b) => a.tag - b.tag);
  return {
    encode(value) {
      if (typeof value !== 'object' || value === null) throw given(path, 'is not an object');
      const wire = new Map<number, Packed>();
      for (const { name, tag, optional, codec } of slots) {
        const one = (value as Record<string, unknown>)[name];
        if (one !== undefined) wire.set(tag, codec.encode(one));
        else if (!optional) throw given(path, `misses ${name}`);
      }
      return wire;
    },
    decode(wire) {
      if (!(wire instanceof Map)) throw received(path, 'is not a map');
      const value: Record<string, unknown> = {};
      for (const { name, tag, optional, codec } of slots) {
        const one: unknown = wire.get(tag);
        if (one !== undefined) value[name] = codec.decode(one);
        else if (!optional) throw received(path, `misses ${name} (tag ${tag})`);
      }
      return value;
    },
  };
}
