// json.gen.h: decoded C structs as JSON in the form of the vectors, for tests of the C++ codec. Without it a test could only see that
// bytes come back, not that each value stands in the member that bears its name.
import type { Model, ModelEnumeration, ModelField, ModelType } from '../model.ts';
import { cName, resultEnumeration } from './cHeader.ts';
import { linkStructs, peerStructs, shimStructs } from './cpp.ts';
import { type CppStruct, enumerationsOf, isThere } from './cppCodec.ts';
import { generatedNotice, hexId, pascal, snake } from './names.ts';

function valueText(type: ModelType, source: string): string {
  switch (type.kind) {
    case 'enum':
      return `Json(${snake(type.name)}_name(${source}))`;
    case 'list':
      throw new Error('a list of lists has no C form');
    default:
      return `to_json(${source})`;
  }
}

function fieldText(field: ModelField): string {
  const member = `in.${snake(field.name)}`;
  const key = JSON.stringify(field.name);
  const body =
    field.type.kind === 'list'
      ? `Json list = Json::array();
    for (uint32_t i = 0; i < ${member}_count; i++) list.items.push_back(${valueText(field.type.item, `${member}[i]`)});
    out.fields[${key}] = list;`
      : `out.fields[${key}] = ${valueText(field.type, member)};`;
  return `  ${field.optional ? `if (${isThere(field)}) ` : ''}{\n    ${body}\n  }\n`;
}

const structText = ({
  type,
  struct: { fields },
}: CppStruct): string => `inline Json to_json(const ${type}&${fields.length > 0 ? ' in' : ''}) {
  Json out = Json::object();
${fields.map(fieldText).join('')}  return out;
}

`;

function enumText({ name, values }: ModelEnumeration): string {
  const isResult = name === resultEnumeration;
  const cases = values.map(
    (value) => `    case ${isResult ? -value.number : value.number}:\n      return "${value.name}";\n`,
  );
  return `inline const char* ${snake(name)}_name(${isResult ? 'mosis_result' : 'uint32_t'} number) {
  switch (number) {
${cases.join('')}    default:
      return "not a ${name}";
  }
}

`;
}

/** A function from an id and a pointer to JSON; messages without fields have no struct. */
function switchText(name: string, rows: readonly (readonly [number, string | undefined])[]): string {
  const cases = rows.map(
    ([id, type]) =>
      `    case ${hexId(id)}:\n      return ${type === undefined ? 'Json::object()' : `to_json(*static_cast<const ${type}*>(value))`};\n`,
  );
  return `inline Json ${name}(uint32_t id, const void* value) {
  switch (id) {
${cases.join('')}    default:
      return Json();
  }
}

`;
}

export function emitCppTest(model: Model): string {
  const structs = [...shimStructs(model), ...linkStructs(model), ...peerStructs(model)];
  const used = enumerationsOf(structs);
  const typeOf = (one: { name: string; fields: readonly ModelField[] }) =>
    one.fields.length === 0 ? undefined : cName(one.name);
  return `// ${generatedNotice}
#pragma once

#include "json.h"
#include "protocol/messages.gen.h"
#include "peer.gen.h"

namespace mosis::protocol {

${model.enumerations
  .filter(({ name }) => used.has(name))
  .map(enumText)
  .join('')}${structs.map(structText).join('')}${switchText(
  'link_json',
  model.links.map((one) => [one.kind, pascal(one.name)]),
)}${switchText(
  'params_json',
  model.requests.map(({ id, params }) => [id, typeOf(params)]),
)}${switchText(
  'result_json',
  model.requests.map(({ id, result }) => [id, typeOf(result)]),
)}${switchText(
  'event_json',
  model.events.map((one) => [one.id, typeOf(one)]),
)}${switchText(
  'peer_json',
  model.peerMessages.map((one) => [one.id, pascal(one.name)]),
)}}  // namespace mosis::protocol
`;
}
