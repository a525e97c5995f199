// fast-check values for any struct of the schema.
import fc from 'fast-check';
import type { Fields, WireType } from '../../proto/dsl.ts';
import { limits, utf8Bytes } from '../../proto/runtime/index.ts';

/** Any legal text, often with characters of two to four bytes, at most `maxBytes` long in UTF-8. */
const text = (maxBytes: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'binary', maxLength: Math.min(maxBytes, 300) })
    .map((value) => value.replaceAll('\0', '0'))
    .filter((value) => utf8Bytes(value) <= maxBytes);

function typeArbitrary(type: WireType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'bool':
      return fc.boolean();
    case 'u32':
      return fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff }));
    case 'u53':
      return fc.oneof(fc.nat(300), fc.integer({ min: 0, max: limits.maxInteger }));
    case 'str':
      return text(type.maxBytes);
    case 'bin':
      return fc.uint8Array({ minLength: type.minBytes, maxLength: Math.min(type.maxBytes, 300) });
    case 'enum':
      return fc.constantFrom(...Object.keys(type.enumeration.values));
    case 'struct':
      return structArbitrary(type.struct.fields);
    case 'list':
      return fc.array(typeArbitrary(type.item), { maxLength: Math.min(type.maxItems, 20) });
    default:
      return type satisfies never;
  }
}

/** Any legal value of a struct; optional fields are there or not. */
export function structArbitrary(fields: Fields): fc.Arbitrary<Record<string, unknown>> {
  const entries = Object.entries(fields);
  const model = Object.fromEntries(entries.map(([name, { type }]) => [name, typeArbitrary(type)]));
  const requiredKeys = entries.filter(([, { optional }]) => !optional).map(([name]) => name);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}
