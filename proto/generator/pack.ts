// A MessagePack encoder for vectors, on purpose not the one of proto/runtime: two encoders that must agree byte for byte. It also packs
// what the schema forbids, because vectors show that too.
import {
  findEnumeration,
  findStruct,
  type Model,
  type ModelField,
  type ModelObject,
  type ModelType,
  type ModelValue,
} from './model.ts';

export type Node =
  | { readonly kind: 'nil' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: number | bigint }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'binary'; readonly hex: string }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'map'; readonly pairs: readonly (readonly [number, Node])[] };

export const nil: Node = { kind: 'nil' };
export const integer = (value: number | bigint): Node => ({ kind: 'integer', value });
export const text = (value: string): Node => ({ kind: 'text', value });
export const binary = (hex: string): Node => ({ kind: 'binary', hex });
export const array = (...items: readonly Node[]): Node => ({ kind: 'array', items });

/** Big-endian hex of `bytes` bytes. */
const hex = (value: number | bigint, bytes: number): string => value.toString(16).padStart(bytes * 2, '0');

/** The first form that holds the number: [largest number, first byte, bytes]. */
function sized(value: number | bigint, forms: readonly (readonly [number | bigint, number, number])[]): string {
  const form = forms.find(([max]) => value <= max);
  if (form === undefined) throw new RangeError(`${value} has no form`);
  const [, first, bytes] = form;
  return hex(first, 1) + hex(value, bytes);
}

function packInteger(value: number | bigint): string {
  if (value < 0) throw new RangeError('vectors hold no negative numbers; write them by hand');
  if (value < 128) return hex(value, 1);
  return sized(value, [
    [0xff, 0xcc, 1],
    [0xffff, 0xcd, 2],
    [0xffff_ffff, 0xce, 4],
    // As msgpackr writes them; both forms have nine bytes.
    [2n ** 63n - 1n, 0xd3, 8],
    [2n ** 64n - 1n, 0xcf, 8],
  ]);
}

/** Hex of the canonical form. */
export function packNode(node: Node): string {
  switch (node.kind) {
    case 'nil':
      return 'c0';
    case 'bool':
      return node.value ? 'c3' : 'c2';
    case 'integer':
      return packInteger(node.value);
    case 'text': {
      const bytes = Buffer.from(node.value, 'utf8');
      const head =
        bytes.length < 32
          ? hex(0xa0 | bytes.length, 1)
          : sized(bytes.length, [
              [0xff, 0xd9, 1],
              [0xffff, 0xda, 2],
              [0xffff_ffff, 0xdb, 4],
            ]);
      return head + bytes.toString('hex');
    }
    case 'binary': {
      const head = sized(node.hex.length / 2, [
        [0xff, 0xc4, 1],
        [0xffff, 0xc5, 2],
      ]);
      return head + node.hex;
    }
    case 'array':
      return packCount(node.items.length, 0x90, 0xdc) + node.items.map(packNode).join('');
    case 'map': {
      const pairs = node.pairs.map(([tag, value]) => packInteger(tag) + packNode(value));
      return packCount(pairs.length, 0x80, 0xde) + pairs.join('');
    }
    default:
      return node satisfies never;
  }
}

const packCount = (count: number, short: number, long: number): string =>
  count < 16 ? hex(short | count, 1) : sized(count, [[0xffff, long, 2]]);

function typeNode(model: Model, type: ModelType, value: ModelValue): Node {
  switch (type.kind) {
    case 'bool':
      return { kind: 'bool', value: value as boolean };
    case 'u32':
    case 'u53':
      return integer(value as number);
    case 'str':
      return text(value as string);
    case 'bin':
      return binary(value as string);
    case 'enum': {
      const found = findEnumeration(model, type.name).values.find(({ name }) => name === value);
      if (found === undefined) throw new Error(`${value} is not a ${type.name}`);
      return integer(found.number);
    }
    case 'struct':
      return structNode(model, findStruct(model, type.name).fields, value as ModelObject);
    case 'list':
      return array(...(value as readonly ModelValue[]).map((item) => typeNode(model, type.item, item)));
    default:
      return type satisfies never;
  }
}

/** The map of a struct; a required field that is missing is an error of the schema's example. */
export function structNode(model: Model, fields: readonly ModelField[], value: ModelObject): Node & { kind: 'map' } {
  const unknown = Object.keys(value).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) throw new Error(`an example has a field ${unknown} that its struct has not`);
  const pairs: (readonly [number, Node])[] = [];
  for (const { name, tag, type, optional } of fields) {
    const one = value[name];
    if (one !== undefined) pairs.push([tag, typeNode(model, type, one)]);
    else if (!optional) throw new Error(`an example misses ${name}`);
  }
  return { kind: 'map', pairs };
}
