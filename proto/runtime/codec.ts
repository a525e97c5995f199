// Compiles the fields of a struct into a pair of closures, once per message: checked value ⇄ MessagePack map.
// The path in the error texts is built while compiling, so that a good message costs no strings.
import type { Enumeration, Field, Fields, WireType } from '../dsl.ts';
import { ProtocolError } from './error.ts';
import type { Reader } from './reader.ts';
import { utf8Bytes } from './text.ts';
import type { Writer } from './writer.ts';

export interface Codec<Value = unknown> {
  /** @throws ProtocolError `invalidArgument` when `value` breaks the schema */
  encode(writer: Writer, value: unknown): void;
  /** @throws ProtocolError `malformed` when what comes next breaks the schema */
  decode(reader: Reader): Value;
}

const given = (path: string, text: string) => new ProtocolError('invalidArgument', `${path} ${text}`);
const received = (path: string, text: string) => new ProtocolError('malformed', `${path} ${text}`);

export function checkInteger(value: unknown, max: number): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return 'is not an integer';
  return value < 0 || value > max ? `is not within 0 … ${max}` : undefined;
}

export function checkText(value: unknown, maxBytes: number): string | undefined {
  return typeof value === 'string' ? checkTextBytes(utf8Bytes(value), maxBytes) : 'is not a text';
}

function checkTextBytes(size: number, maxBytes: number): string | undefined {
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
  encode(writer, value) {
    need(path, checkBool(value));
    writer.bool(value as boolean);
  },
  decode(reader) {
    const value = reader.bool();
    if (value === undefined) throw received(path, 'is not a boolean');
    return value;
  },
});

const integerCodec = (path: string, max: number): Codec => ({
  encode(writer, value) {
    need(path, checkInteger(value, max));
    writer.integer(value as number);
  },
  decode(reader) {
    const value = reader.integer();
    if (value === undefined || value > max) throw received(path, `is not an integer within 0 … ${max}`);
    return value;
  },
});

const textCodec = (path: string, maxBytes: number): Codec => ({
  encode(writer, value) {
    if (typeof value !== 'string') throw given(path, 'is not a text');
    const size = utf8Bytes(value);
    need(path, checkTextBytes(size, maxBytes));
    writer.text(value, size);
  },
  decode(reader) {
    const value = reader.text(maxBytes);
    if (value === undefined) throw received(path, `is not a text of at most ${maxBytes} bytes`);
    return value;
  },
});

const binaryCodec = (path: string, minBytes: number, maxBytes: number): Codec => ({
  encode(writer, value) {
    need(path, checkBytes(value, minBytes, maxBytes));
    writer.binary(value as Uint8Array);
  },
  decode(reader) {
    const value = reader.binary(minBytes, maxBytes);
    if (value === undefined) throw received(path, `is not binary of ${minBytes} to ${maxBytes} bytes`);
    return value;
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
    encode(writer, value) {
      const number = numbers.get(value);
      if (number === undefined) throw given(path, `is not a ${enumeration.name}`);
      writer.integer(number);
    },
    decode(reader) {
      const name = names.get(reader.integer());
      if (name === undefined) throw received(path, `is not a ${enumeration.name}`);
      return name;
    },
  };
}

function listCodec(path: string, item: WireType, maxItems: number): Codec {
  const inner = typeCodec(item, `${path}[]`);
  return {
    encode(writer, value) {
      if (!Array.isArray(value)) throw given(path, 'is not a list');
      if (value.length > maxItems) throw given(path, `has ${value.length} items, at most ${maxItems} are allowed`);
      writer.array(value.length);
      for (const one of value) inner.encode(writer, one);
    },
    decode(reader) {
      const count = reader.array();
      if (count === undefined || count > maxItems) throw received(path, `is not a list of at most ${maxItems}`);
      const list: unknown[] = [];
      for (let i = 0; i < count; i++) list.push(inner.decode(reader));
      return list;
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
  const byTag = new Map<unknown, Slot>(slots.map((slot) => [slot.tag, slot]));
  const required = slots.filter(({ optional }) => !optional);
  return {
    encode(writer, value) {
      if (typeof value !== 'object' || value === null) throw given(path, 'is not an object');
      const object = value as Record<string, unknown>;
      let count = 0;
      for (const { name, optional } of slots) {
        if (object[name] !== undefined) count++;
        else if (!optional) throw given(path, `misses ${name}`);
      }
      writer.map(count);
      for (const { name, tag, codec } of slots) {
        const one = object[name];
        if (one === undefined) continue;
        writer.integer(tag);
        codec.encode(writer, one);
      }
    },
    decode(reader) {
      const count = reader.map();
      if (count === undefined) throw received(path, 'is not a map');
      const value: Record<string, unknown> = {};
      for (let i = 0; i < count; i++) {
        const slot = byTag.get(reader.integer());
        if (slot === undefined) reader.skip();
        else value[slot.name] = slot.codec.decode(reader);
      }
      for (const { name, tag } of required) {
        if (value[name] === undefined) throw received(path, `misses ${name} (tag ${tag})`);
      }
      return value;
    },
  };
}
