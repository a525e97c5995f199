// C++ that reads and writes one struct: straight-line code over Reader, Fields and Writer.
import type { ModelEnumeration, ModelField, ModelStruct, ModelType } from '../model.ts';
import { cType, hasFlag, resultEnumeration } from './cHeader.ts';
import { snake } from './names.ts';

/** A struct and the C++ type that holds it. */
export interface CppStruct {
  readonly type: string;
  /** Names the struct in error texts. */
  readonly label: string;
  readonly struct: ModelStruct;
}

const quote = (text: string): string => JSON.stringify(text);

/** Reads one value that is not a list; `target` is assigned or filled. */
function readValue(type: ModelType, target: string, label: string): string {
  const what = quote(label);
  switch (type.kind) {
    case 'bool':
      return `${target} = reader.boolean(${what});`;
    case 'u32':
      return `${target} = static_cast<uint32_t>(reader.integer(kMaxUint32, ${what}));`;
    case 'u53':
      return `${target} = reader.integer(kMaxInteger, ${what});`;
    case 'str':
      return `${target} = reader.text(${type.maxBytes}, ${what});`;
    case 'bin':
      return `${target} = reader.bytes(${type.minBytes}, ${type.maxBytes}, ${what});`;
    case 'enum':
      return `${target} = read_${snake(type.name)}(reader, ${what});`;
    case 'struct':
      return `read(reader, arena, ${target});`;
    case 'list':
      throw new Error(`${label}: a list of lists has no C form`);
    default:
      return type satisfies never;
  }
}

function readField({ name, tag, type, optional }: ModelField, label: string): string {
  const member = `out.${snake(name)}`;
  const path = `${label}.${name}`;
  const flag = hasFlag({ type, optional } as ModelField) ? `        out.has_${snake(name)} = true;\n` : '';
  const body =
    type.kind === 'list'
      ? `reader.list(arena, ${member}, ${member}_count, ${type.maxItems}, ${quote(path)},
                    [&](${cType(type.item)}& one) { ${readValue(type.item, 'one', `${path}[]`)} });`
      : readValue(type, member, path);
  return `      case ${tag}:\n${flag}        ${body}\n        break;\n`;
}

function writeValue(type: ModelType, source: string, label: string): string {
  const what = quote(label);
  switch (type.kind) {
    case 'bool':
      return `writer.boolean(${source});`;
    case 'u32':
      return `writer.integer(${source});`;
    case 'u53':
      return `writer.integer(${source}, kMaxInteger, ${what});`;
    case 'str':
      return `writer.text(${source}, ${type.maxBytes}, ${what});`;
    case 'bin':
      return `writer.bytes(${source}, ${type.minBytes}, ${type.maxBytes}, ${what});`;
    case 'enum':
      return `write_${snake(type.name)}(writer, ${source}, ${what});`;
    case 'struct':
      return `write(writer, ${source});`;
    case 'list':
      throw new Error(`${label}: a list of lists has no C form`);
    default:
      return type satisfies never;
  }
}

/** C++ condition that an optional field is there. */
export function isThere(field: ModelField): string {
  const name = snake(field.name);
  if (hasFlag(field)) return `in.has_${name}`;
  return field.type.kind === 'list' ? `in.${name} != nullptr` : `in.${name}.data != nullptr`;
}

function writeField(field: ModelField, label: string): string {
  const { name, tag, type } = field;
  const member = `in.${snake(name)}`;
  const path = `${label}.${name}`;
  const body =
    type.kind === 'list'
      ? `writer.list(${member}, ${member}_count, ${type.maxItems}, ${quote(path)},
              [&](const ${cType(type.item)}& one) { ${writeValue(type.item, 'one', `${path}[]`)} });`
      : writeValue(type, member, path);
  const lines = [`writer.integer(${tag});`, body];
  if (!field.optional) return lines.map((line) => `  ${line}\n`).join('');
  return `  if (${isThere(field)}) {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`;
}

export function codecText({ type, label, struct: { fields } }: CppStruct): string {
  const required = fields.filter(({ optional }) => !optional);
  const mask = required.reduce((bits, { tag }) => bits | (1n << BigInt(tag)), 0n);
  const count = [
    `${required.length}u`,
    ...fields.filter((one) => one.optional).map((one) => `(${isThere(one)} ? 1u : 0u)`),
  ];
  const usesArena = fields.some((one) => one.type.kind === 'list' || one.type.kind === 'struct');
  return `bool read(Reader& reader, Arena&${usesArena ? ' arena' : ''}, ${type}& out) {
  out = {};
  Fields fields(reader, 0x${mask.toString(16)}u, ${quote(`${label}: not a map, or a field is missing`)});
  while (fields.next()) {
    switch (fields.tag()) {
${fields.map((one) => readField(one, label)).join('')}      default:
        reader.skip();
    }
  }
  return fields.done();
}

bool write(Writer& writer, const ${type}&${fields.length > 0 ? ' in' : ''}) {
  writer.map(${count.join(' + ')});
${fields.map((one) => writeField(one, label)).join('')}  return writer.ok();
}

`;
}

/** Enumerations as files need them: known numbers, read, write. */
export function enumCodecText({ name }: ModelEnumeration): string {
  const word = snake(name);
  const isResult = name === resultEnumeration;
  const type = isResult ? 'mosis_result' : 'uint32_t';
  return `${type} read_${word}(Reader& reader, const char* what) {
  const uint64_t number = reader.integer(kMaxUint32, what);
  if (!is_${word}(number)) reader.fail(what);
  return ${isResult ? '-static_cast<mosis_result>(number)' : 'static_cast<uint32_t>(number)'};
}

void write_${word}(Writer& writer, ${type} value, const char* what) {
  const uint64_t number = ${isResult ? 'value < 0 ? static_cast<uint64_t>(-static_cast<int64_t>(value)) : 0' : 'value'};
  if (!is_${word}(number)) writer.fail(what);
  writer.integer(number);
}

`;
}

export function isEnumText({ name, values }: ModelEnumeration): string {
  const cases = values.map(({ number }) => `    case ${number}:\n`).join('');
  return `bool is_${snake(name)}(uint64_t number) {
  switch (number) {
${cases}      return true;
    default:
      return false;
  }
}

`;
}

/** The enumerations that the fields of some structs use. */
export function enumerationsOf(structs: readonly CppStruct[]): Set<string> {
  const used = new Set<string>();
  const visit = (type: ModelType): void => {
    if (type.kind === 'list') visit(type.item);
    if (type.kind === 'enum') used.add(type.name);
  };
  for (const { struct } of structs) for (const { type } of struct.fields) visit(type);
  return used;
}
