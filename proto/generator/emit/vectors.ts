// vectors/*.json: bytes and the value that they stand for, for the tests of every language.
import type { Model, ModelField, ModelObject, ModelRequest, ModelSignal, ModelStruct } from '../model.ts';
import { array, binary, integer, type Node, nil, packNode, structNode, text } from '../pack.ts';
import { type Variant, variants, wrongs } from '../variants.ts';

/** The message that a vector stands for; the keys depend on the form. */
type Message = Readonly<Record<string, unknown>>;

interface Vector {
  readonly name: string;
  readonly wire: 'shim' | 'peer';
  /** Method that a response answers. */
  readonly answers?: string;
  readonly hex: string;
  readonly message?: Message;
  /** Where `hex` is valid without being canonical. */
  readonly canonical?: string;
  readonly refused?: string;
}

const key = '00112233445566778899aabbccddeeff';

/** How a struct becomes a message of its kind. */
interface Form {
  readonly name: string;
  readonly wire: 'shim' | 'peer';
  readonly fields: readonly ModelField[];
  readonly example: ModelObject;
  readonly answers?: string;
  readonly wrap: (body: Node) => Node;
  readonly message: (value: ModelObject) => Message;
  /** Error of a body that breaks the schema. */
  readonly refused: string;
}

/** What later versions may send: a tag that this one does not know, holding any grammar. */
const later: readonly [number, Node] = [
  60,
  array(text('later'), nil, { kind: 'map', pairs: [[1, array(binary('00'), { kind: 'bool', value: true })]] }),
];

function vectorsOf(model: Model, form: Form, covered: Set<string>): Vector[] {
  const { name, wire, fields, example, answers, wrap, message, refused } = form;
  const base = { wire, ...(answers === undefined ? {} : { answers }) };
  const bytes = (value: ModelObject) => packNode(wrap(structNode(model, fields, value)));
  const good = variants(model, fields, example).map(({ title, value }: Variant) => ({
    name: `${name}: ${title}`,
    ...base,
    hex: bytes(value),
    message: message(value),
  }));
  const grown = structNode(model, fields, example);
  const bad = wrongs(model, fields, example, covered).map(({ title, node, ungrammatical }) => ({
    name: `${name}: ${title}`,
    ...base,
    hex: packNode(wrap(node)),
    refused: ungrammatical ? 'malformed' : refused,
  }));
  return [
    ...good,
    {
      name: `${name}: a tag of a later version`,
      ...base,
      hex: packNode(wrap({ kind: 'map', pairs: [...grown.pairs, later] })),
      message: message(example),
      canonical: bytes(example),
    },
    ...bad,
  ];
}

const linkForms = (model: Model): Form[] =>
  model.links.map(({ name, kind, fields, example }) => ({
    name,
    wire: 'shim',
    fields,
    example,
    wrap: (body) => array(integer(kind), body),
    message: (value) => ({ form: 'link', name, value }),
    refused: 'malformed',
  }));

function requestForm(model: Model, { id, name, params, example, idempotent }: ModelRequest, i: number): Form {
  const requestId = i + 1;
  const deadlineMs = i % 2 === 0 ? 0 : 2500;
  return {
    name: `${name} request`,
    wire: 'shim',
    fields: params.fields,
    example: example.params,
    wrap: (body) =>
      array(
        integer(model.envelopeKinds.request),
        integer(requestId),
        integer(id),
        body,
        integer(deadlineMs),
        idempotent ? binary(key) : nil,
      ),
    message: (value) => ({
      form: 'request',
      requestId,
      name,
      params: value,
      deadlineMs,
      ...(idempotent ? { idempotencyKey: key } : {}),
    }),
    refused: 'invalidArgument',
  };
}

function responseForm(model: Model, { name, result, example }: ModelRequest, i: number): Form {
  // Ids on both sides of each change of width.
  const requestId = [1, 128, 65536, 2 ** 32, 2 ** 53 - 1][i % 5] as number;
  return {
    name: `${name} response`,
    wire: 'shim',
    fields: result.fields,
    example: example.result,
    answers: name,
    wrap: (body) => array(integer(model.envelopeKinds.response), integer(requestId), integer(0), body),
    message: (value) => ({ form: 'response', requestId, result: value }),
    refused: 'malformed',
  };
}

function errorVectors(model: Model): Vector[] {
  const codes = model.enumerations.find(({ name }) => name === 'ErrorCode')?.values ?? [];
  return codes.map(({ name, number }) => ({
    name: `error response ${name}`,
    wire: 'shim',
    answers: 'message.send',
    hex: packNode(array(integer(model.envelopeKinds.response), integer(9), integer(number), text('What failed ☎'))),
    message: { form: 'response', requestId: 9, code: name, text: 'What failed ☎' },
  }));
}

const eventForms = (model: Model): Form[] =>
  model.events.map(({ id, name, fields, example }, i) => {
    const sequence = 4096 * (i + 1);
    return {
      name,
      wire: 'shim',
      fields,
      example,
      wrap: (body) => array(integer(model.envelopeKinds.event), integer(sequence), integer(id), body),
      message: (value) => ({ form: 'event', sequence, name, fields: value }),
      refused: 'malformed',
    };
  });

const peerForms = (model: Model): Form[] =>
  model.peerMessages.map(({ id, name, fields, example }) => ({
    name,
    wire: 'peer',
    fields,
    example,
    wrap: (body) => array(integer(id), body),
    message: (value) => ({ form: 'peer', name, value }),
    refused: 'malformed',
  }));

/** JSON texts with the checked message, or the cause of refusal. */
function signalVectors(model: Model): object[] {
  return model.signals.flatMap((signal: ModelSignal) => {
    const { name, fields, example } = signal;
    const good = variants(model, fields, example).map(({ title, value }) => ({
      name: `${name}: ${title}`,
      text: JSON.stringify({ type: name, ...value }),
      message: { name, value },
    }));
    const extra = {
      name: `${name}: a field of a later version`,
      text: JSON.stringify({ type: name, ...example, later: { deep: [1, null] } }),
      message: { name, value: example },
    };
    return [...good, extra, ...wrongSignals(signal)];
  });
}

function wrongSignals({ name, fields, example }: ModelStruct & { example: ModelObject }): object[] {
  return fields.flatMap((field) => {
    const without = Object.fromEntries(Object.entries(example).filter(([one]) => one !== field.name));
    const wrong = { type: name, ...example, [field.name]: field.type.kind === 'str' ? 7 : 'seven' };
    const vectors: object[] = [
      { name: `${name}: ${field.name} is of a wrong type`, text: JSON.stringify(wrong), refused: 'wrongField' },
    ];
    if (!field.optional) {
      const missing = JSON.stringify({ type: name, ...without });
      vectors.push({ name: `${name}: ${field.name} is missing`, text: missing, refused: 'wrongField' });
    } else {
      // Many JSON libraries write null for what is not there.
      const nothing = JSON.stringify({ type: name, ...example, [field.name]: null });
      vectors.push({ name: `${name}: ${field.name} is null`, text: nothing, message: { name, value: without } });
    }
    return vectors;
  });
}

/** One vector a line: a change of the schema shows as changed lines. */
const lines = (vectors: readonly object[]): string =>
  `[\n${vectors.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`;

export function emitVectors(model: Model): [string, string][] {
  const covered = new Set<string>();
  const of = (forms: readonly Form[]): Vector[] => forms.flatMap((form) => vectorsOf(model, form, covered));
  const requests = model.requests.map((one, i) => requestForm(model, one, i));
  const responses = model.requests.map((one, i) => responseForm(model, one, i));
  return [
    ['link.json', lines(of(linkForms(model)))],
    ['requests.json', lines(of(requests))],
    ['responses.json', lines([...of(responses), ...errorVectors(model)])],
    ['events.json', lines(of(eventForms(model)))],
    ['peer.json', lines(of(peerForms(model)))],
    ['signalling.json', lines(signalVectors(model))],
  ];
}
