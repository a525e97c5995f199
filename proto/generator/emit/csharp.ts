// Messages.g.cs: data classes with codecs for C# 9 (Unity): no reflection, no unsafe code.
import type { Model, ModelEnumeration, ModelField, ModelStruct, ModelType } from '../model.ts';
import { generatedNotice, hexId, pascal, sentence, wrap } from './names.ts';

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function summary(text: string, indent: string): string {
  const lines = wrap(`<summary>${escapeXml(sentence(text))}</summary>`, 126 - indent.length);
  return lines.map((line) => `${indent}/// ${line}\n`).join('');
}

function baseType(type: ModelType): string {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'u32':
      return 'uint';
    case 'u53':
      return 'ulong';
    case 'str':
      return 'string';
    case 'bin':
      return 'byte[]';
    case 'enum':
    case 'struct':
      return pascal(type.name);
    case 'list':
      return `IReadOnlyList<${baseType(type.item)}>`;
    default:
      return type satisfies never;
  }
}

function initialValue({ type, optional }: ModelField): string {
  if (optional) return '';
  switch (type.kind) {
    case 'str':
      return ' = "";';
    case 'bin':
      return ' = Array.Empty<byte>();';
    case 'struct':
      return ` = new ${pascal(type.name)}();`;
    case 'list':
      return ` = Array.Empty<${baseType(type.item)}>();`;
    default:
      return '';
  }
}

function propertyDoc(field: ModelField): string {
  const { type } = field;
  const notes = [...(field.unit === undefined ? [] : [`in ${field.unit}`])];
  if (type.kind === 'str') notes.push(`at most ${type.maxBytes} bytes of UTF-8`);
  if (type.kind === 'bin')
    notes.push(type.minBytes === type.maxBytes ? `${type.maxBytes} bytes` : `${type.minBytes}–${type.maxBytes} bytes`);
  if (type.kind === 'u53') notes.push('at most 2^53 − 1');
  if (type.kind === 'list') notes.push(`at most ${type.maxItems}`);
  if (field.optional) notes.push('null = left out');
  return notes.length === 0 ? field.doc : `${sentence(field.doc)} (${notes.join('; ')})`;
}

function propertyText(field: ModelField, owner: string): string {
  const name = pascal(field.name);
  if (name === owner) throw new Error(`${owner}.${field.name}: C# forbids a property with the name of its class`);
  return `${summary(propertyDoc(field), '        ')}        public ${baseType(field.type)}${field.optional ? '?' : ''} ${name} { get; set; }${initialValue(field)}\n`;
}

function readExpression(type: ModelType, path: string): string {
  const what = JSON.stringify(path);
  switch (type.kind) {
    case 'bool':
      return `reader.Boolean(${what})`;
    case 'u32':
      return `reader.UInt32(${what})`;
    case 'u53':
      return `reader.UInt(Limits.MaxInteger, ${what})`;
    case 'str':
      return `reader.Text(${type.maxBytes}, ${what})`;
    case 'bin':
      return `reader.Bytes(${type.minBytes}, ${type.maxBytes}, ${what})`;
    case 'enum':
      return `Enumerations.Read${pascal(type.name)}(ref reader, ${what})`;
    case 'struct':
      return `${pascal(type.name)}.Read(ref reader)`;
    case 'list':
      throw new Error(`${path}: a list of lists has no C form`);
    default:
      return type satisfies never;
  }
}

function readField(field: ModelField, label: string): string {
  const { type, tag } = field;
  const path = `${label}.${field.name}`;
  const name = pascal(field.name);
  if (type.kind !== 'list') {
    return `                    case ${tag}:
                        value.${name} = ${readExpression(type, path)};
                        break;
`;
  }
  return `                    case ${tag}:
                        var item${name} = new ${arrayOf(type.item)};
                        for (int i = 0; i < item${name}.Length; i++)
                        {
                            item${name}[i] = ${readExpression(type.item, `${path}[]`)};
                        }
                        reader.EndArray();
                        value.${name} = item${name};
                        break;
`.replace('__COUNT__', `reader.BeginArray(${type.maxItems}, ${JSON.stringify(path)})`);
}

/** \`new byte[n][]\` for a list of binaries, \`new T[n]\` else. */
const arrayOf = (item: ModelType): string =>
  item.kind === 'bin' ? 'byte[__COUNT__][]' : `${baseType(item)}[__COUNT__]`;

function writeStatement(type: ModelType, value: string, path: string): string {
  const what = JSON.stringify(path);
  switch (type.kind) {
    case 'bool':
      return `writer.Boolean(${value});`;
    case 'u32':
    case 'u53':
      return `writer.Integer(${value});`;
    case 'str':
      return `writer.Text(${value}, ${what});`;
    case 'bin':
      return `writer.Bytes(${value}, ${what});`;
    case 'enum':
      return `writer.Integer((ulong)${value});`;
    case 'struct':
      return `${value}.Write(writer);`;
    case 'list':
      throw new Error(`${path}: a list of lists has no C form`);
    default:
      return type satisfies never;
  }
}

/** Types whose optional form is Nullable, so that the value sits in .Value. */
const isValueType = ({ kind }: ModelType): boolean =>
  kind === 'bool' || kind === 'u32' || kind === 'u53' || kind === 'enum';

function writeField(field: ModelField, label: string): string {
  const { type, tag, optional } = field;
  const name = pascal(field.name);
  const path = `${label}.${field.name}`;
  const indent = optional ? '                ' : '            ';
  const statements =
    type.kind === 'list'
      ? [
          `writer.Array(${name}.Count);`,
          `foreach (${baseType(type.item)} item in ${name})`,
          '{',
          `    ${writeStatement(type.item, 'item', `${path}[]`)}`,
          '}',
        ]
      : [writeStatement(type, optional && isValueType(type) ? `${name}.Value` : name, path)];
  const lines = [`writer.Integer(${tag});`, ...statements].map((line) => `${indent}${line}\n`).join('');
  return optional ? `            if (${name} != null)\n            {\n${lines}            }\n` : lines;
}

function countText(fields: readonly ModelField[]): string {
  const fixed = fields.filter(({ optional }) => !optional).length;
  const parts = fields.filter(({ optional }) => optional).map(({ name }) => `(${pascal(name)} != null ? 1 : 0)`);
  return [String(fixed), ...parts].join(' + ');
}

function classText(struct: ModelStruct, access: 'public' | 'internal'): string {
  const name = pascal(struct.name);
  const { fields } = struct;
  const required = fields.reduce((bits, { tag, optional }) => (optional ? bits : bits | (1n << BigInt(tag))), 0n);
  const properties = fields.map((field) => `${propertyText(field, name)}\n`).join('');
  return `${summary(struct.doc, '    ')}    ${access} sealed class ${name} : IMessage
    {
${properties}        internal static ${name} Decode(ReadOnlySpan<byte> payload)
        {
            var reader = new MessagePackReader(payload, 1);
            ${name} value = Read(ref reader);
            reader.Finish();
            return value;
        }

        internal static ${name} Read(ref MessagePackReader reader)
        {
            var value = new ${name}();
            long tag = -1;
            ulong seen = 0;
            for (int left = reader.BeginMap(${JSON.stringify(struct.name)}); left > 0; left--)
            {
                tag = reader.Tag(tag, ref seen);
                switch (tag)
                {
${fields.map((field) => readField(field, struct.name)).join('')}                    default:
                        reader.Skip();
                        break;
                }
            }
            reader.EndMap(seen, 0x${required.toString(16)}, ${JSON.stringify(struct.name)});
            return value;
        }

        void IMessage.Encode(MessagePackWriter writer) => Write(writer);

        internal void Write(MessagePackWriter writer)
        {
            writer.Map(${countText(fields)});
${fields.map((field) => writeField(field, struct.name)).join('')}        }
    }

`;
}

function enumText({ name, doc, values }: ModelEnumeration, access: string): string {
  const members = values.map(
    (value) => `${summary(value.doc, '        ')}        ${pascal(value.name)} = ${value.number},\n`,
  );
  return `${summary(doc, '    ')}    ${access} enum ${pascal(name)}\n    {\n${members.join('\n')}    }\n\n`;
}

function enumReaders(className: string, enumerations: readonly ModelEnumeration[]): string {
  const methods = enumerations.map(({ name, values }) => {
    const cases = values.map(({ number }) => `                case ${number}:\n`).join('');
    return `        public static ${pascal(name)} Read${pascal(name)}(ref MessagePackReader reader, string what)
        {
            uint number = reader.UInt32(what);
            switch (number)
            {
${cases}                    return (${pascal(name)})number;
                default:
                    throw MessagePackReader.Wrong(what);
            }
        }
`;
  });
  return `    internal static class ${className}\n    {\n${methods.join('\n')}    }\n`;
}

function enumerationsOf(structs: readonly ModelStruct[]): Set<string> {
  const used = new Set<string>();
  const visit = (type: ModelType): void => {
    if (type.kind === 'list') visit(type.item);
    if (type.kind === 'enum') used.add(type.name);
  };
  for (const { fields } of structs) for (const { type } of fields) visit(type);
  return used;
}

const fileHead = `// <auto-generated>
// ${generatedNotice}
// </auto-generated>
#nullable enable
using System;
using System.Collections.Generic;
`;

const constants = (className: string, type: string, rows: readonly (readonly [string, string])[]): string =>
  `    internal static class ${className}\n    {\n${rows.map(([name, value]) => `        public const ${type} ${pascal(name)} = ${value};\n`).join('')}    }\n\n`;

/** Everything that the binding needs: structs, requests, events. */
export function emitCSharp(model: Model): string {
  const params = model.requests.map((one) => one.params);
  const results = model.requests.map(({ result }) => result);
  const structs = [...model.structs, ...results, ...model.events];
  const enums = model.enumerations.filter(({ name }) => enumerationsOf([...structs, ...params]).has(name));
  const limits = Object.entries(model.limits).filter(([name]) => name.startsWith('max'));
  return `${fileHead}using Mosis.Protocol;

namespace Mosis
{
${enums.map((one) => enumText(one, 'public')).join('')}${structs.map((one) => classText(one, 'public')).join('')}}

namespace Mosis.Protocol
{
${constants(
  'Limits',
  'int',
  limits.filter(([, value]) => value <= 0x7fff_ffff).map(([name, value]) => [name, String(value)]),
).replace('    }\n', `        public const ulong MaxInteger = ${model.limits.maxInteger};\n    }\n`)}${constants(
  'MethodId',
  'uint',
  model.requests.map(({ name, id }) => [name, hexId(id)]),
)}${constants(
  'EventId',
  'uint',
  model.events.map(({ name, id }) => [name, hexId(id)]),
)}${params.map((one) => classText(one, 'internal')).join('')}${enumReaders('Enumerations', enums)}}
`;
}

/** Link and peer messages: the binding never sees them, the tests of its codec do. */
export function emitCSharpTest(model: Model): string {
  const structs = [...model.links, ...model.peerStructs, ...model.peerMessages];
  const bound = enumerationsOf([
    ...model.structs,
    ...model.requests.flatMap(({ params, result }) => [params, result]),
    ...model.events,
  ]);
  const own = model.enumerations.filter(({ name }) => enumerationsOf(structs).has(name) && !bound.has(name));
  const readers = enumReaders('WireEnumerations', own);
  const classes = structs.map((one) => classText(one, 'internal')).join('');
  const redirected = own.reduce(
    (text, { name }) => text.replaceAll(`Enumerations.Read${pascal(name)}(`, `WireEnumerations.Read${pascal(name)}(`),
    classes,
  );
  return `${fileHead}using Mosis.Protocol;

namespace Mosis.Tests.Wire
{
${own.map((one) => enumText(one, 'internal')).join('')}${redirected}${readers}}
`;
}
