// messages.gen.{h,cc} and limits.gen.h: the shim wire for the native library; and the peer wire in the same form, for tests.
import { findEnumeration, type Model, type ModelEnumeration, type ModelStruct } from '../model.ts';
import { cName, docComment, members, resultEnumeration } from './cHeader.ts';
import { type CppStruct, codecText, enumCodecText, enumerationsOf, isEnumText } from './cppCodec.ts';
import { constant, generatedNotice, hexId, pascal, sentence } from './names.ts';

const publicStruct = (struct: ModelStruct): CppStruct => ({ type: cName(struct.name), label: struct.name, struct });
const ownStruct = (struct: ModelStruct): CppStruct => ({ type: pascal(struct.name), label: struct.name, struct });
const notEmpty = ({ struct }: CppStruct): boolean => struct.fields.length > 0;

export function shimStructs(model: Model): CppStruct[] {
  return [
    ...model.structs.map(publicStruct),
    ...model.requests.flatMap(({ params, result }) => [publicStruct(params), publicStruct(result)]),
    ...model.events.map(publicStruct),
  ].filter(notEmpty);
}
export const linkStructs = (model: Model): CppStruct[] => model.links.map(ownStruct);
export const peerStructs = (model: Model): CppStruct[] => [...model.peerStructs, ...model.peerMessages].map(ownStruct);

/** Enumerations in the order of the model. */
const pick = (model: Model, names: ReadonlySet<string>): ModelEnumeration[] =>
  model.enumerations.filter(({ name }) => names.has(name));

/** mosis_result_text: the sentences of the error codes. */
export function emitResults(model: Model): string {
  const cases = findEnumeration(model, resultEnumeration).values.map(
    ({ name, doc }) =>
      `    case MOSIS_ERR_${constant(name)}:\n      return ${JSON.stringify(doc.replaceAll('’', "'"))};\n`,
  );
  return `// ${generatedNotice}
#include "mosis/mosis.h"

extern "C" const char* mosis_result_text(mosis_result result) {
  switch (result) {
    case MOSIS_OK:
      return "It worked.";
${cases.join('')}    default:
      return result > 0 ? "It worked." : "A result of a newer version of Mosis: update the game's copy of the library.";
  }
}
`;
}

export function emitLimits(model: Model): string {
  const limits = Object.entries(model.limits).map(([name, value]) => {
    const type = value > 0xffff_ffff ? 'uint64_t' : 'uint32_t';
    return `inline constexpr ${type} k${pascal(name)} = ${value}u;\n`;
  });
  const kinds = [
    ...model.links.map(({ name, kind }) => [name, kind] as const),
    ...Object.entries(model.envelopeKinds).map(([name, kind]) => [name, kind] as const),
  ].map(([name, kind]) => `inline constexpr uint32_t kKind${pascal(name)} = ${kind};\n`);
  return `// ${generatedNotice}
#pragma once

#include <cstdint>

namespace mosis::protocol {

inline constexpr uint32_t kMaxUint32 = 0xffffffffu;
${limits.join('')}
${kinds.join('')}
}  // namespace mosis::protocol
`;
}

function ownStructText({ type, struct }: CppStruct, extra: string): string {
  return `${docComment(sentence(struct.doc))}struct ${type} {\n${extra}${members(struct.fields)}};\n\n`;
}

const declarations = (structs: readonly CppStruct[]): string =>
  structs
    .map(
      ({ type }) =>
        `bool read(Reader& reader, Arena& arena, ${type}& out);\nbool write(Writer& writer, const ${type}& in);\n`,
    )
    .join('');

const codecOf = ({ type, struct }: CppStruct): string =>
  struct.fields.length === 0 && type.startsWith('mosis_') ? 'kNothing' : `CodecOf<${type}>::value`;

/** A table and the search in it. */
function tableText(type: string, table: string, find: string, rows: readonly string[]): string {
  return `const ${type} k${table}[] = {
${rows.map((row) => `    {${row}},\n`).join('')}};
const size_t k${table}Count = sizeof k${table} / sizeof k${table}[0];

const ${type}* ${find}(uint32_t id) {
  for (const ${type}& one : k${table}) {
    if (one.${type === 'LinkInfo' ? 'kind' : 'id'} == id) return &one;
  }
  return nullptr;
}

`;
}

export function emitMessagesHeader(model: Model): string {
  const inner = enumerationsOf(linkStructs(model));
  for (const name of enumerationsOf(shimStructs(model))) inner.delete(name);
  const constants = pick(model, inner).map(
    ({ name, values }) =>
      `using ${cName(name)} = uint32_t;\n${values
        .map((value) => `inline constexpr ${cName(name)} k${pascal(name)}${pascal(value.name)} = ${value.number};\n`)
        .join('')}`,
  );
  const links = model.links.map((link) =>
    ownStructText(ownStruct(link), `  static constexpr uint32_t kKind = ${link.kind};\n`),
  );
  return `// ${generatedNotice}
// The messages of the shim wire: link messages as C++ structs, requests and events as the structs of mosis_types.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "codec.h"
#include "mosis/mosis_types.h"

namespace mosis::protocol {

${constants.join('')}
${links.join('')}// read: the next value of \`reader\` into \`out\`; texts point into the message, lists into the arena. write: canonical MessagePack.
// Both return ok() of their reader or writer, whose error() names the field at fault.
${declarations([...linkStructs(model), ...shimStructs(model)])}
/** Sorted by kind or id. */
extern const LinkInfo kLinks[];
extern const size_t kLinksCount;
extern const MethodInfo kMethods[];
extern const size_t kMethodsCount;
extern const EventInfo kEvents[];
extern const size_t kEventsCount;

/** Null when this version does not know it. */
const LinkInfo* find_link(uint32_t kind);
const MethodInfo* find_method(uint32_t id);
const EventInfo* find_event(uint32_t id);

/** True for the numbers of ErrorCode, which are above 0. */
bool is_error_code(uint64_t number);

}  // namespace mosis::protocol
`;
}

export function emitMessagesSource(model: Model): string {
  const structs = [...shimStructs(model), ...linkStructs(model)];
  const enums = pick(model, enumerationsOf(structs));
  const hidden = enums.filter(({ name }) => name !== resultEnumeration);
  const shown = enums.filter(({ name }) => name === resultEnumeration);
  const links = model.links.map((one) => `${one.kind}, "${one.name}", ${codecOf(ownStruct(one))}`);
  const methods = model.requests.map(
    ({ name, idempotent, params, result }) =>
      `MOSIS_METHOD_${constant(name)}, "${name}", ${idempotent}, ${codecOf(publicStruct(params))},\n     ${codecOf(publicStruct(result))}`,
  );
  const events = model.events.map(
    (one) =>
      `MOSIS_EVENT_${constant(one.name)}, "${one.name}", MOSIS_EVENTS_${constant(one.category)}, ${one.durable},\n     ${codecOf(publicStruct(one))}`,
  );
  return `// ${generatedNotice}
#include "messages.gen.h"

#include "limits.gen.h"

namespace mosis::protocol {

${shown.map(isEnumText).join('')}namespace {

${hidden.map(isEnumText).join('')}${enums.map(enumCodecText).join('')}}  // namespace

${structs.map(codecText).join('')}${tableText('LinkInfo', 'Links', 'find_link', links)}${tableText('MethodInfo', 'Methods', 'find_method', methods)}${tableText('EventInfo', 'Events', 'find_event', events)}}  // namespace mosis::protocol
`;
}

/** The peer wire as one header; only tests use it, the library never speaks it. */
export function emitPeerHeader(model: Model): string {
  const structs = peerStructs(model);
  const enums = pick(model, enumerationsOf(structs));
  const known = enums.filter(({ name }) => name !== resultEnumeration);
  const rows = model.peerMessages.map((one) => `${hexId(one.id)}, "${one.name}", ${codecOf(ownStruct(one))}`);
  return `// ${generatedNotice}
// The peer wire for tests of the C++ codec.
#pragma once

#include "protocol/codec.h"
#include "protocol/limits.gen.h"
#include "protocol/messages.gen.h"

namespace mosis::protocol {

${structs.map((one) => ownStructText(one, '')).join('')}namespace {

${known.map(isEnumText).join('')}${enums.map(enumCodecText).join('')}}  // namespace

${structs.map((one) => codecText(one).replaceAll(/^bool (read|write)/gm, 'inline bool $1')).join('')}${tableText(
  'PeerMessageInfo',
  'PeerMessages',
  'find_peer_message',
  rows,
).replaceAll(/^const /gm, 'inline const ')}}  // namespace mosis::protocol
`;
}
