// Compiles the fields of a struct into a pair of closures, once per message: checked value ⇄ what msgpackr packs and unpacks.
// The path in the error texts is built while compiling, so that a good message costs no strings.
import type { Enumeration, Field, Fields, WireType } from '../dsl.ts';
import { ProtocolError } from './error.ts';
import { markedText, packedInteger, type Wire } from './pack.ts';
import { utf8Bytes } from './text.ts';

export interface Codec<Value = unknown> {
  /** @throws ProtocolError `invalidArgument` when `value` breaks the schema */
  encode(value: unknown): Wire;
  /** @throws ProtocolError `malformed` when `wire` breaks the schema */
  decode(wire: Wire | undefined): Value;
}

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

export const checkBool = (value: unknown): string | undefined =>
  typeof value === 'boolean' ? undefined : 'is not a boolean';

function need(path: string, wrong: string | undefined): void {
  if (wrong !== undefined) throw given(path, wrong);
}

const boolCodec = (path: string): Codec => ({
  encode(value) {
    need(path, checkBool(value));
    return value as boolean;
  },
  decode(wire) {
    if (typeof wire !== 'boolean') throw received(path, 'is not a boolean');
    return wire;
  },
});

const integerCodec = (path: string, max: number): Codec => ({
  encode(value) {
    need(path, checkInteger(value, max));
    return packedInteger(value as number);
  },
  decode(wire) {
    if (checkInteger(wire, max) !== undefined) throw received(path, `is not an integer within 0 … ${max}`);
    return wire;
  },
});

const textCodec = (path: string, maxBytes: number): Codec => ({
  encode(value) {
    need(path, checkText(value, maxBytes));
    return value as string;
  },
  decode(wire) {
    const text = typeof wire === 'string' ? wire : markedText(wire);
    // Three bytes a UTF-16 unit at most: short texts need no count.
    if (text === undefined || (text.length * 3 > maxBytes && utf8Bytes(text) > maxBytes)) {
      throw received(path, `is not a text of at most ${maxBytes} bytes`);
    }
    return text;
  },
});

const binaryCodec = (path: string, minBytes: number, maxBytes: number): Codec => ({
  encode(value) {
    need(path, checkBytes(value, minBytes, maxBytes));
    return value as Uint8Array;
  },
  decode(wire) {
    if (checkBytes(wire, minBytes, maxBytes) !== undefined) {
      throw received(path, `is not binary of ${minBytes} to ${maxBytes} bytes`);
    }
    const { buffer, byteOffset, byteLength } = wire as Uint8Array<ArrayBuffer>;
    return new Uint8Array(buffer, byteOffset, byteLength); // In Node msgpackr gives a Buffer, whose slice() does not copy.
  },
});

function enumCodec(path: string, enumeration: Enumeration): Codec {
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

function listCodec(path: string, item: WireType, maxItems: number): Codec {
  const inner = typeCodec(item, `${path}[]`);
  return {
    encode(value) {
      if (!Array.isArray(value)) throw given(path, 'is not a list');
      if (value.length > maxItems) throw given(path, `has ${value.length} items, at most ${maxItems} are allowed`);
      return value.map((one) => inner.encode(one));
    },
    decode(wire) {
      if (!Array.isArray(wire) || wire.length > maxItems) throw received(path, `is not a list of at most ${maxItems}`);
      return wire.map((one) => inner.decode(one));
    },
  };
}

function typeCodec(type: WireType, path: string): Codec {
  switch (type.kind) {
    case 'bool':
      return boolCodec(path);
    case 'u32':
      return integerCodec(path, 0xffff_ffff);
    case 'u53':
      return integerCodec(path, Number.MAX_SAFE_INTEGER);
    case 'str':
      return textCodec(path, type.maxBytes);
    case 'bin':
      return binaryCodec(path, type.minBytes, type.maxBytes);
    case 'enum':
      return enumCodec(path, type.enumeration);
    case 'struct':
      return structCodec(type.struct.fields, path);
    case 'list':
      return listCodec(path, type.item, type.maxItems);
    default:
      return type satisfies never;
  }
}

interface Slot {
  readonly name: string;
  readonly tag: number;
  readonly optional: boolean;
  readonly codec: Codec;
}

/** Codec of a struct; its wire form is a map with ascending tags. `path` names it in error texts. */
export function structCodec(fields: Fields, path: string): Codec {
  const slots = Object.entries<Field>(fields)
    .map(
      ([name, { tag, optional, type }]): Slot => ({ name, tag, optional, codec: typeCodec(type, `${path}.${name}`) }),
    )
    .sort((a, b) => a.tag - b.tag);
  return {
    encode(value) {
      if (typeof value !== 'object' || value === null) throw given(path, 'is not an object');
      const object = value as Record<string, unknown>;
      const map = new Map<number, Wire>();
      for (const { name, tag, optional, codec } of slots) {
        const one = object[name];
        if (one !== undefined) map.set(tag, codec.encode(one));
        else if (!optional) throw given(path, `misses ${name}`);
      }
      return map;
    },
    decode(wire) {
      if (!(wire instanceof Map)) throw received(path, 'is not a map');
      const value: Record<string, unknown> = {};
      for (const { name, tag, optional, codec } of slots) {
        const one = wire.get(tag);
        if (one !== undefined) value[name] = codec.decode(one);
        else if (!optional) throw received(path, `misses ${name} (tag ${tag})`);
      }
      return value;
    },
  };
}
