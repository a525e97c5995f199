// schema.lua: the structs, enumerations and ids as Lua tables, which codec.lua interprets.
import type { Model, ModelEnumeration, ModelField, ModelStruct, ModelType } from '../model.ts';
import { generatedNotice, hexId } from './names.ts';

const key = (name: string): string => (/^[A-Za-z]\w*$/.test(name) ? name : `['${name}']`);

function typeFields(type: ModelType): string {
  switch (type.kind) {
    case 'bool':
      return `kind = 'bool'`;
    case 'u32':
      return `kind = 'integer', max = 4294967295`;
    case 'u53':
      return `kind = 'integer', max = 9007199254740991`;
    case 'str':
      return `kind = 'str', max = ${type.maxBytes}`;
    case 'bin':
      return `kind = 'bin', min = ${type.minBytes}, max = ${type.maxBytes}`;
    case 'enum':
    case 'struct':
      return `kind = '${type.kind}', of = '${type.name}'`;
    case 'list':
      return `kind = 'list', max = ${type.maxItems}, item = { ${typeFields(type.item)} }`;
    default:
      return type satisfies never;
  }
}

const fieldText = ({ name, tag, type, optional }: ModelField): string =>
  `      { tag = ${tag}, name = '${name}', ${typeFields(type)}${optional ? ', optional = true' : ''} },\n`;

const structText = ({ name, fields }: ModelStruct): string =>
  fields.length === 0 ? `    ${key(name)} = {},\n` : `    ${key(name)} = {\n${fields.map(fieldText).join('')}    },\n`;

function enumText({ name, values }: ModelEnumeration): string {
  const lines = values.map((value) => `      ${key(value.name)} = ${value.number},\n`);
  return `    ${name} = {\n${lines.join('')}    },\n`;
}

const table = (name: string, lines: readonly string[]): string => `  ${name} = {\n${lines.join('')}  },\n`;

export function emitLua(model: Model): string {
  const structs = [
    ...model.structs,
    ...model.requests.flatMap(({ params, result }) => [params, result]),
    ...model.events,
  ];
  const limits = Object.entries(model.limits).map(([name, value]) => `    ${name} = ${value},\n`);
  const requests = model.requests.map(
    ({ name, id, idempotent }) => `    ${key(name)} = { id = ${hexId(id)}, idempotent = ${idempotent} },\n`,
  );
  const events = model.events.map(
    ({ name, id, category, durable }) =>
      `    ${key(name)} = { id = ${hexId(id)}, category = '${category}', durable = ${durable} },\n`,
  );
  const categories = Object.entries(model.eventCategories).map(([name, bit]) => `    ${name} = ${bit},\n`);
  return `-- ${generatedNotice}
-- A request "a.b" has the structs "a.b params" and "a.b result"; an event has the struct of its name.
return {
  protocolMin = ${model.versions.shim.min},
  protocolMax = ${model.versions.shim.max},
${table('limits', limits)}${table('eventCategories', categories)}${table('enumerations', model.enumerations.map(enumText))}${table('structs', structs.map(structText))}${table('requests', requests)}${table('events', events)}}
`;
}

/** Link and peer messages, in the form that codec.register takes; only tests of the codec need them. */
export function emitLuaTest(model: Model): string {
  const structs = [...model.links, ...model.peerStructs, ...model.peerMessages];
  const links = model.links.map(({ name, kind }) => `    ${key(name)} = ${kind},\n`);
  const peer = model.peerMessages.map(({ name, id }) => `    ${key(name)} = ${id},\n`);
  return `-- ${generatedNotice}
-- Link and peer messages for tests of the Lua codec.
return {
  enumerations = {},
${table('structs', structs.map(structText))}${table('links', links)}${table('peerMessages', peer)}}
`;
}
