// protocol.md: the readable reference of all three wires, one section a noun.
import type { Model, ModelEnumeration, ModelField, ModelObject, ModelStruct, ModelType } from '../model.ts';
import { generatedNotice, hexId, sentence } from './names.ts';

const anchor = (name: string): string => `#${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`;
const link = (name: string): string => `[${name}](${anchor(name)})`;

function typeText(type: ModelType): string {
  switch (type.kind) {
    case 'bool':
      return 'boolean';
    case 'u32':
    case 'u53':
      return type.kind;
    case 'str':
      return `text ≤ ${type.maxBytes} bytes`;
    case 'bin':
      return type.minBytes === type.maxBytes
        ? `binary, ${type.maxBytes} bytes`
        : `binary, ${type.minBytes}–${type.maxBytes} bytes`;
    case 'enum':
    case 'struct':
      return link(type.name);
    case 'list':
      return `list ≤ ${type.maxItems} of ${typeText(type.item)}`;
    default:
      return type satisfies never;
  }
}

/** Bars would end a table cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function fieldTable(fields: readonly ModelField[], tagged: boolean): string {
  if (fields.length === 0) return '_No fields._\n\n';
  const rows = fields.map(({ name, tag, type, optional, doc, unit, since }) => {
    const meaning = `${sentence(doc)}${unit === undefined ? '' : ` In ${unit}.`}${since > 1 ? ` Since version ${since}.` : ''}`;
    const columns = [
      ...(tagged ? [String(tag)] : []),
      `\`${name}\``,
      typeText(type),
      optional ? 'optional' : '',
      meaning,
    ];
    return `| ${columns.map(cell).join(' | ')} |\n`;
  });
  const head = tagged
    ? '| tag | field | type | | meaning |\n|---|---|---|---|---|\n'
    : '| field | type | | meaning |\n|---|---|---|---|\n';
  return `${head}${rows.join('')}\n`;
}

function structText({ name, doc, fields, reserved }: ModelStruct, tagged = true): string {
  const gone = reserved.map(({ tag, why }) => `Tag ${tag} is reserved: ${why}\n\n`);
  return `### ${name}\n\n${sentence(doc)}\n\n${fieldTable(fields, tagged)}${gone.join('')}`;
}

function enumText({ name, doc, values }: ModelEnumeration): string {
  const rows = values.map((value) => `| ${value.number} | \`${value.name}\` | ${cell(sentence(value.doc))} |\n`);
  return `### ${name}\n\n${sentence(doc)}\n\n| number | name | meaning |\n|---|---|---|\n${rows.join('')}\n`;
}

const example = (value: ModelObject): string => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\`\n\n`;

const linkMessages = (model: Model): string =>
  model.links
    .map(({ name, kind, direction, doc, fields, example: value }) => {
      const towards = { toDaemon: 'shim → daemon', toShim: 'daemon → shim', both: 'both ways' }[direction];
      return `### ${name}\n\n\`[${kind}, map]\`, ${towards}. ${sentence(doc)}\n\n${fieldTable(fields, true)}${example(value)}`;
    })
    .join('');

const requests = (model: Model): string =>
  model.requests
    .map(({ name, id, doc, idempotent, params, result, errors, since, example: values }) => {
      const repeat = idempotent ? ' Carries an idempotency key.' : '';
      const codes = errors.length === 0 ? 'None of its own.' : errors.map((code) => `\`${code}\``).join(', ');
      return `### ${name}\n\n\`${hexId(id)}\`, since version ${since}. ${sentence(doc)}${repeat}\n\nParameters:\n\n${fieldTable(params.fields, true)}Result:\n\n${fieldTable(result.fields, true)}Errors: ${codes}\n\n${example(values.params)}${example(values.result)}`;
    })
    .join('');

const events = (model: Model): string =>
  model.events
    .map(({ name, id, doc, category, durable, fields, since, example: value }) => {
      const kept = durable ? 'durable' : 'not durable';
      return `### ${name}\n\n\`${hexId(id)}\`, since version ${since}; category \`${category}\`, ${kept}. ${sentence(doc)}\n\n${fieldTable(fields, true)}${example(value)}`;
    })
    .join('');

const peerMessages = (model: Model): string =>
  model.peerMessages
    .map(
      ({ name, id, channel, doc, fields, example: value }) =>
        `### ${name}\n\n\`[${id}, map]\` in the channel \`${channel}\`. ${sentence(doc)}\n\n${fieldTable(fields, true)}${example(value)}`,
    )
    .join('');

const signals = (model: Model): string =>
  model.signals
    .map(({ name, direction, plain, doc, fields, example: value }) => {
      const towards = { toServer: 'client → server', toClient: 'server → client', both: 'client → server → client' }[
        direction
      ];
      const kind = plain ? 'plain' : 'ours';
      return `### ${name} (signal)\n\n${towards}, ${kind}. ${sentence(doc)}\n\n${fieldTable(fields, false)}\`\`\`json\n${JSON.stringify({ type: name, ...value })}\n\`\`\`\n\n`;
    })
    .join('');

export function emitMarkdown(model: Model): string {
  const limits = Object.entries(model.limits).map(([name, value]) => `| \`${name}\` | ${value} |\n`);
  const categories = Object.entries(model.eventCategories).map(([name, bit]) => `\`${name}\` = ${bit}`);
  const { shim, peer, subprotocol } = model.versions;
  return `<!-- ${generatedNotice} -->
# Protocol reference

How messages are framed and encoded, and what a receiver owes: [STANDARD.md](../STANDARD.md). The same as data: [model.json](model.json). Examples name
enumerations and show binaries as hex; on the wire both are as STANDARD.md says. u32 = 0 … 2^32 − 1, u53 = 0 … 2^53 − 1.

Shim protocol ${shim.min} to ${shim.max}; peer protocol ${peer.min} to ${peer.max}; signalling subprotocol \`${subprotocol}\`.

- Shim wire: [link messages](#link-messages), [requests](#requests), [events](#events) — game ⇄ daemon, MessagePack over ZeroMQ
- Peer wire: [messages](#peer-messages) — daemon ⇄ daemon, MessagePack in data channels
- Signalling wire: [signals](#signals) — client ⇄ server, JSON over WebSocket
- [Structs](#structs), [enumerations](#enumerations), [limits](#limits)

## Link messages

${linkMessages(model)}## Requests

${requests(model)}## Events

Categories of \`hello.events\`: ${categories.join(', ')}.

${events(model)}## Peer messages

${peerMessages(model)}## Signals

“plain”: of the plain specification; whoever speaks only that sends and expects these. “ours”: the others ignore them.

${signals(model)}## Structs

${[...model.structs, ...model.peerStructs].map((one) => structText(one)).join('')}${model.signalStructs.map((one) => structText(one, false)).join('')}## Enumerations

${model.enumerations.map(enumText).join('')}## Limits

| name | value |
|---|---|
${limits.join('')}`;
}
