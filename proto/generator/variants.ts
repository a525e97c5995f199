// The values that vectors show of each struct: example, optional fields absent and present, each field at its bounds; and values to refuse.
import {
  findEnumeration,
  findStruct,
  type Model,
  type ModelField,
  type ModelObject,
  type ModelType,
  type ModelValue,
} from './model.ts';
import { array, binary, integer, type Node, nil, structNode, text } from './pack.ts';

export interface Variant {
  readonly title: string;
  readonly value: ModelObject;
}
/** A struct that decoders must refuse. */
export interface Wrong {
  readonly title: string;
  readonly node: Node;
  /** The bytes break the grammar of every message, not only the schema of this one. */
  readonly ungrammatical: boolean;
}
/** Titles of such values. */
const ungrammatical = new Set(['is 2^53', 'is 2^64 - 1', 'holds U+0000']);

/** Longer texts make vectors unreadable; the tests of each language check the long ones by themselves. */
const maxVectorText = 256;
const maxVectorItems = 32;

/** A plain value of a type, for optional fields that the example leaves out. */
function sample(model: Model, type: ModelType): ModelValue {
  switch (type.kind) {
    case 'bool':
      return true;
    case 'u32':
    case 'u53':
      return 7;
    case 'str':
      return 'ä';
    case 'bin':
      return 'ab'.repeat(type.minBytes);
    case 'enum':
      return findEnumeration(model, type.name).values[0]?.name ?? '';
    case 'struct':
      return filled(model, findStruct(model, type.name).fields, {});
    case 'list':
      return [sample(model, type.item)];
    default:
      return type satisfies never;
  }
}

/** The example with every field there. */
function filled(model: Model, fields: readonly ModelField[], value: ModelObject): ModelObject {
  return Object.fromEntries(fields.map(({ name, type }) => [name, value[name] ?? sample(model, type)]));
}

const requiredOnly = (fields: readonly ModelField[], value: ModelObject): ModelObject =>
  Object.fromEntries(fields.filter(({ optional }) => !optional).map(({ name }) => [name, value[name] as ModelValue]));

/** Every form of an integer, on both sides of each change of width. */
const integers = [0, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1];
const textAtBound = (size: number): string => (size < 3 ? 'a'.repeat(size) : `€${'x'.repeat(size - 3)}`);

function bounds(model: Model, type: ModelType, now: ModelValue | undefined, deep: boolean): ModelValue[] {
  switch (type.kind) {
    case 'bool':
      return [false, true];
    case 'u32':
      return deep ? integers : [0, 2 ** 32 - 1];
    case 'u53':
      return deep ? [...integers, 2 ** 32, 2 ** 53 - 1] : [0, 2 ** 53 - 1];
    case 'str':
      return [
        '',
        ...(type.maxBytes <= maxVectorText ? [textAtBound(type.maxBytes)] : [31, 32, 255, 256].map(textAtBound)),
      ];
    case 'bin':
      return ['00'.repeat(type.minBytes), 'ff'.repeat(Math.min(type.maxBytes, maxVectorText))];
    case 'enum':
      return findEnumeration(model, type.name).values.map(({ name }) => name);
    case 'struct': {
      const { fields } = findStruct(model, type.name);
      return fieldBounds(model, fields, (now ?? filled(model, fields, {})) as ModelObject).map(({ value }) => value);
    }
    case 'list': {
      const item = sample(model, type.item);
      const many = type.maxItems <= maxVectorItems ? type.maxItems : 16;
      const first = bounds(model, type.item, item, false).map((one) => [one]);
      return [[], ...first, Array.from({ length: many }, () => item)];
    }
    default:
      return type satisfies never;
  }
}

function fieldBounds(model: Model, fields: readonly ModelField[], value: ModelObject): Variant[] {
  return fields.flatMap(({ name, type }) =>
    bounds(model, type, value[name], fields.length === 1).map((bound, i) => ({
      title: `${name} bound ${i + 1}`,
      value: { ...value, [name]: bound },
    })),
  );
}

/** What vectors show of a struct; values that are equal come once. */
export function variants(model: Model, fields: readonly ModelField[], example: ModelObject): Variant[] {
  const all: Variant[] = [
    { title: 'example', value: example },
    { title: 'required fields only', value: requiredOnly(fields, example) },
    { title: 'every field', value: filled(model, fields, example) },
    ...fieldBounds(model, fields, example),
  ];
  const seen = new Set<string>();
  return all.filter(({ value }) => {
    // Fields in the order of the schema, so that equal values are equal texts.
    const text = JSON.stringify(fields.map(({ name }) => value[name] ?? null));
    return !seen.has(text) && seen.add(text);
  });
}

function wrongValues(model: Model, type: ModelType): [string, Node][] {
  const basic: [string, Node][] = [['is nil', nil]];
  switch (type.kind) {
    case 'bool':
      return [...basic, ['is an integer', integer(1)]];
    case 'u32':
      return [...basic, ['is 2^32', integer(2 ** 32)], ['is a text', text('1')]];
    case 'u53':
      return [...basic, ['is 2^53', integer(2 ** 53)], ['is 2^64 - 1', integer(2n ** 64n - 1n)]];
    case 'str':
      return [
        ...basic,
        ['is binary', binary('61')],
        ['holds U+0000', text('a\0')],
        ...(type.maxBytes <= maxVectorText
          ? ([['is a byte too long', text(`${'x'.repeat(type.maxBytes - 1)}ä`)]] as [string, Node][])
          : []),
      ];
    case 'bin':
      return [
        ...basic,
        ['is a text', text('a'.repeat(type.minBytes))],
        ['is a byte too long', binary('00'.repeat(type.maxBytes + 1))],
        ...(type.minBytes > 0
          ? ([['is a byte too short', binary('00'.repeat(type.minBytes - 1))]] as [string, Node][])
          : []),
      ];
    case 'enum': {
      const numbers = findEnumeration(model, type.name).values.map(({ number }) => number);
      return [...basic, ['is an unknown number', integer(Math.max(...numbers) + 1)], ['is its name', text('x')]];
    }
    case 'struct':
      return [...basic, ['is an array', array()], ['is an empty map', { kind: 'map', pairs: [] }]];
    case 'list':
      return [
        ...basic,
        ['is a map', { kind: 'map', pairs: [] }],
        ['has a wrong item', array(array())],
        ...tooMany(model, type),
      ];
    default:
      return type satisfies never;
  }
}

function tooMany(model: Model, type: ModelType & { kind: 'list' }): [string, Node][] {
  if (type.maxItems > maxVectorItems) return [];
  const item = {
    name: 'x',
    tag: 1,
    type: { ...type, maxItems: type.maxItems + 1 },
    optional: false,
    doc: '',
    since: 1,
  };
  const value = { x: Array.from({ length: type.maxItems + 1 }, () => sample(model, type.item)) };
  const node = structNode(model, [item], value).pairs[0]?.[1];
  return node === undefined ? [] : [['has an item too many', node]];
}

/** True when an empty map is no error for this field: a struct without required fields. */
const takesEmptyMap = (model: Model, type: ModelType): boolean =>
  type.kind === 'struct' && findStruct(model, type.name).fields.every(({ optional }) => optional);

/** A struct inside a field, with what else stands in that field. */
interface Inner {
  readonly struct: string;
  readonly wrap: (node: Node) => Node;
}

function innerOf(type: ModelType): Inner | undefined {
  if (type.kind === 'struct') return { struct: type.name, wrap: (node) => node };
  if (type.kind !== 'list') return undefined;
  const inner = innerOf(type.item);
  return inner && { struct: inner.struct, wrap: (node) => array(inner.wrap(node)) };
}

/** The same inside a struct, once for each struct: all messages share its codec. */
function innerWrongs(model: Model, field: ModelField, value: ModelValue | undefined, covered: Set<string>): Wrong[] {
  const inner = innerOf(field.type);
  if (inner === undefined || covered.has(inner.struct)) return [];
  covered.add(inner.struct);
  const { fields } = findStruct(model, inner.struct);
  const example = (Array.isArray(value) ? value[0] : value) as ModelObject | undefined;
  return wrongs(model, fields, example ?? filled(model, fields, {}), covered).map((wrong) => ({
    ...wrong,
    title: `${field.name}.${wrong.title}`,
    node: inner.wrap(wrong.node),
  }));
}

/** Structs that must be refused; `covered` names the inner structs that were shown, and grows. */
export function wrongs(
  model: Model,
  fields: readonly ModelField[],
  example: ModelObject,
  covered: Set<string>,
): Wrong[] {
  const { pairs } = structNode(model, fields, filled(model, fields, example));
  const replaced = (tag: number, node: Node): Node => ({
    kind: 'map',
    pairs: pairs.map((pair) => (pair[0] === tag ? [tag, node] : pair)),
  });
  return fields.flatMap((field) => {
    const { name, tag, type, optional } = field;
    const missing: Node = { kind: 'map', pairs: pairs.filter((pair) => pair[0] !== tag) };
    return [
      ...(optional ? [] : [{ title: `${name} is missing`, node: missing, ungrammatical: false }]),
      ...wrongValues(model, type)
        .filter(([title]) => title !== 'is an empty map' || !takesEmptyMap(model, type))
        .map(([title, node]) => ({
          title: `${name} ${title}`,
          node: replaced(tag, node),
          ungrammatical: ungrammatical.has(title),
        })),
      ...innerWrongs(model, field, example[name], covered).map((wrong) => ({
        ...wrong,
        node: replaced(tag, wrong.node),
      })),
    ];
  });
}
