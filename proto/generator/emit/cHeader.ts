// mosis_types.h: the enumerations, results and structs of the shim wire for C99 and C++17.
import {
  findEnumeration,
  type Model,
  type ModelEnumeration,
  type ModelField,
  type ModelStruct,
  type ModelType,
} from '../model.ts';
import { constant, generatedNotice, hexId, sentence, snake, wrap } from './names.ts';

/** Error codes become `mosis_result`, negated, wherever they stand. */
export const resultEnumeration = 'ErrorCode';

export const cName = (name: string): string => `mosis_${snake(name)}`;

/** C type of a value that is not a list. */
export function cType(type: ModelType): string {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'u32':
      return 'uint32_t';
    case 'u53':
      return 'uint64_t';
    case 'str':
      return 'mosis_string';
    case 'bin':
      return 'mosis_bytes';
    case 'enum':
      return type.name === resultEnumeration ? 'mosis_result' : cName(type.name);
    case 'struct':
      return cName(type.name);
    case 'list':
      return `const ${cType(type.item)}*`;
    default:
      return type satisfies never;
  }
}

/** True where absence is told by a flag; texts, binaries and lists tell it by a null pointer. */
export const hasFlag = ({ optional, type }: ModelField): boolean =>
  optional && type.kind !== 'str' && type.kind !== 'bin' && type.kind !== 'list';

function limitText(type: ModelType): string[] {
  switch (type.kind) {
    case 'u53':
      return ['0 … 2^53 − 1'];
    case 'str':
      return [`at most ${type.maxBytes} bytes`];
    case 'bin':
      return [type.minBytes === type.maxBytes ? `${type.maxBytes} bytes` : `${type.minBytes}–${type.maxBytes} bytes`];
    case 'list':
      return [`at most ${type.maxItems}`];
    default:
      return [];
  }
}

/** Doc of a field with unit, limit and how absence looks. */
export function fieldDoc(field: ModelField): string {
  const notes = [...(field.unit === undefined ? [] : [`in ${field.unit}`]), ...limitText(field.type)];
  if (field.optional && !hasFlag(field))
    notes.push(field.type.kind === 'list' ? 'NULL = left out' : 'data NULL = left out');
  const text = sentence(field.doc);
  return notes.length === 0 ? text : `${text} (${notes.join('; ')})`;
}

export function docComment(text: string, indent = ''): string {
  const lines = wrap(text.replaceAll('*/', '* /'), 116 - indent.length);
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

/** Members of a C struct. */
export function members(fields: readonly ModelField[]): string {
  return fields
    .map((field) => {
      const name = snake(field.name);
      const flag = hasFlag(field) ? `  /** False: ${name} was left out and is zero. */\n  bool has_${name};\n` : '';
      const count = field.type.kind === 'list' ? `  uint32_t ${name}_count;\n` : '';
      return `${flag}${docComment(fieldDoc(field), '  ')}  ${cType(field.type)} ${name};\n${count}`;
    })
    .join('');
}

function structText(name: string, struct: ModelStruct): string {
  if (struct.fields.length === 0) return '';
  return `${docComment(sentence(struct.doc))}typedef struct ${name} {\n${members(struct.fields)}} ${name};\n\n`;
}

function enumText({ name, doc, values }: ModelEnumeration): string {
  const lines = values.map(
    (value, i) =>
      `${docComment(sentence(value.doc), '  ')}  MOSIS_${constant(name)}_${constant(value.name)} = ${value.number}${i + 1 < values.length ? ',' : ''}\n`,
  );
  return `${docComment(`${sentence(doc)} Later versions may bring further values.`)}typedef uint32_t ${cName(name)};\nenum {\n${lines.join('')}};\n\n`;
}

function resultText({ values }: ModelEnumeration): string {
  const lines = values.map(
    (value) => `${docComment(sentence(value.doc), '  ')}  MOSIS_ERR_${constant(value.name)} = -${value.number}`,
  );
  return `/** 0, or why something failed: a negative number. Later versions may bring further values. */
typedef int32_t mosis_result;
enum {
  MOSIS_OK = 0,
${lines.join(',\n')}
};

`;
}

const usedBy = (model: Model, name: string): boolean => {
  const messages = [
    ...model.structs,
    ...model.events,
    ...model.requests.flatMap(({ params, result }) => [params, result]),
  ];
  const uses = (type: ModelType): boolean =>
    type.kind === 'list' ? uses(type.item) : type.kind === 'enum' && type.name === name;
  return messages.some(({ fields }) => fields.some(({ type }) => uses(type)));
};

function idTexts(model: Model): string {
  const methods = model.requests.map(
    ({ name, id, doc, params, result }) =>
      `${docComment(`${name}: ${sentence(doc)} Parameters: ${params.fields.length === 0 ? 'none' : cName(params.name)}; result: ${result.fields.length === 0 ? 'no data' : cName(result.name)}.`, '  ')}  MOSIS_METHOD_${constant(name)} = ${hexId(id)}`,
  );
  const events = model.events.map(
    ({ name, id, doc }) =>
      `${docComment(`${name}: ${sentence(doc)} data = ${cName(name)}.`, '  ')}  MOSIS_EVENT_${constant(name)} = ${hexId(id)}`,
  );
  const categories = Object.entries(model.eventCategories).map(
    ([name, bit]) => `  MOSIS_EVENTS_${constant(name)} = ${bit}`,
  );
  const all = Object.values(model.eventCategories).reduce((sum, bit) => sum | bit, 0);
  return `/** Methods of the daemon. */
enum {
${methods.join(',\n')}
};

/** Events of the daemon. */
enum {
${events.join(',\n')}
};

/** Categories of events, to be combined. */
enum {
${categories.join(',\n')},
  MOSIS_EVENTS_ALL = ${all}
};

`;
}

export function emitCHeader(model: Model): string {
  const enums = model.enumerations.filter(({ name }) => name !== resultEnumeration && usedBy(model, name));
  const structs = model.structs.map((one) => structText(cName(one.name), one));
  const params = model.requests.map(({ params: one }) => structText(cName(one.name), one));
  const results = model.requests.map(({ result }) => structText(cName(result.name), result));
  const events = model.events.map((one) => structText(cName(one.name), one));
  return `/* ${generatedNotice}
 *
 * Values of mosis.h: results, enumerations, and the struct of each request and event. A message without fields has no struct and its
 * data is NULL. Texts are UTF-8 without U+0000 and are not terminated; a text or list that was left out has a NULL pointer, one that
 * is empty has a pointer and size 0. Pointers live as long as mosis.h says at the function that hands them out.
 */
#ifndef MOSIS_TYPES_H
#define MOSIS_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Shim protocol versions that these types describe. */
#define MOSIS_PROTOCOL_MIN ${model.versions.shim.min}
#define MOSIS_PROTOCOL_MAX ${model.versions.shim.max}

/** UTF-8 text of \`size\` bytes, not terminated. */
typedef struct mosis_string {
  const char* data;
  uint32_t size;
} mosis_string;

/** \`size\` bytes. */
typedef struct mosis_bytes {
  const uint8_t* data;
  uint32_t size;
} mosis_bytes;

${resultText(findEnumeration(model, resultEnumeration))}${enums.map(enumText).join('')}${idTexts(model)}${structs.join('')}${params.join('')}${results.join('')}${events.join('')}#ifdef __cplusplus
}
#endif
#endif
`;
}
