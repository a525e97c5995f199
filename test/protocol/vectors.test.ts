import { describe, expect, it } from '@jest/globals';
import { Unpackr } from 'msgpackr';
import type { Model, ModelField, ModelType } from '../../proto/generator/model.ts';
import { findEnumeration, findStruct } from '../../proto/generator/model.ts';
import { readSchema } from '../../proto/generator/read.ts';
import {
  checkSignal,
  decodePeer,
  decodeResult,
  decodeShim,
  encodeErrorResponse,
  encodeEvent,
  encodeLink,
  encodePeer,
  encodeRequest,
  encodeResponse,
  encodeSignal,
  ProtocolError,
} from '../../proto/runtime/index.ts';
import {
  canonicalHex,
  fromHex,
  type Json,
  readHandwritten,
  readSignals,
  readVectors,
  toHex,
  toJson,
  type Vector,
} from './vectors.ts';

/** What a vector must say of a message, and the message written again. */
function decode({ wire, hex, answers }: Vector): { message: Json; again: Uint8Array } {
  const bytes = fromHex(hex);
  if (wire === 'peer') {
    const { name, value } = decodePeer(bytes);
    return { message: toJson({ form: 'peer', name, value }), again: encodePeer(name, value as never) };
  }
  const message = decodeShim(bytes);
  switch (message.kind) {
    case 'link': {
      const { name, value } = message;
      return { message: toJson({ form: 'link', name, value }), again: encodeLink(name, value as never) };
    }
    case 'request': {
      const { kind: form, requestId, name, params, deadlineMs, idempotencyKey } = message;
      return {
        message: toJson({ form, requestId, name, params, deadlineMs, idempotencyKey }),
        again: encodeRequest(requestId, name, params as never, { deadlineMs, idempotencyKey }),
      };
    }
    case 'event': {
      const { kind: form, sequence, name, value } = message;
      return {
        message: toJson({ form, sequence, name, fields: value }),
        again: encodeEvent(sequence, name, value as never),
      };
    }
    case 'response': {
      const { kind: form, requestId } = message;
      if (!message.ok) {
        const { code, text } = message;
        return { message: { form, requestId, code, text }, again: encodeErrorResponse(requestId, code, text) };
      }
      if (answers === undefined) throw new Error('the vector does not say what the response answers');
      const result = decodeResult(answers, message.packedResult);
      return {
        message: toJson({ form, requestId, result }),
        again: encodeResponse(requestId, answers, result as never),
      };
    }
  }
}

function errorOf(vector: Vector): string {
  try {
    decode(vector);
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'nothing';
}

const vectors = readVectors();
const good = vectors.filter(({ message }) => message !== undefined);
const bad = vectors.filter(({ refused }) => refused !== undefined);
const titled = (list: readonly Vector[]) => list.map((vector) => [vector.name, vector] as const);

describe('vectors', () => {
  it('number at least 30 by hand, and each either stands for a message or is refused', () => {
    expect(readHandwritten().length).toBeGreaterThanOrEqual(30);
    expect(good.length + bad.length).toBe(vectors.length);
  });

  it('have names of their own', () => {
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  });

  it.each(titled(good))('%s decodes to its message and is written back byte for byte', (_, vector) => {
    const { message, again } = decode(vector);
    expect(message).toEqual(vector.message);
    expect(toHex(again)).toBe(canonicalHex(vector));
  });

  it.each(titled(bad))('%s is refused', (_, vector) => {
    expect(errorOf(vector)).toBe(vector.refused);
  });

  it('are refused at every place where they can be cut', () => {
    for (const { name, wire, hex } of good) {
      const bytes = fromHex(hex);
      for (let size = 0; size < bytes.length; size++) {
        const cut: Vector = { name, wire, hex: toHex(bytes.subarray(0, size)), answers: 'message.send' };
        if (errorOf(cut) !== 'malformed') throw new Error(`${name} cut to ${size} bytes: ${errorOf(cut)}`);
      }
    }
  });
});

// msgpackr with nothing of ours around it, and the tags looked up in the model: a second opinion on every good vector.
const bare = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: 'number' });
const model: Model = readSchema();

function readType(type: ModelType, value: unknown): Json {
  switch (type.kind) {
    case 'enum':
      return findEnumeration(model, type.name).values.find(({ number }) => number === value)?.name ?? null;
    case 'struct':
      return readFields(findStruct(model, type.name).fields, value);
    case 'list':
      return (value as unknown[]).map((item) => readType(type.item, item));
    default:
      return toJson(value);
  }
}

function readFields(fields: readonly ModelField[], map: unknown): Json {
  const there = fields.filter(({ tag }) => (map as Map<number, unknown>).has(tag));
  return Object.fromEntries(
    there.map(({ name, tag, type }) => [name, readType(type, (map as Map<number, unknown>).get(tag))]),
  );
}

function readBare({ wire, hex, answers, message }: Vector): Json {
  const parts = bare.unpack(fromHex(hex)) as unknown[];
  const name = String(message?.name);
  if (wire === 'peer') {
    const peer = model.peerMessages.find(({ id }) => id === parts[0]);
    return { form: 'peer', name: peer?.name ?? '', value: readFields(peer?.fields ?? [], parts[1]) };
  }
  const request = model.requests.find((one) => one.name === (answers ?? name));
  if (parts[0] === model.envelopeKinds.request) {
    const [, requestId, id, params, deadlineMs, key] = parts as [0, number, number, unknown, number, unknown];
    expect(id).toBe(request?.id);
    const idempotencyKey = key === null ? {} : { idempotencyKey: toJson(key) };
    return {
      form: 'request',
      requestId,
      name,
      params: readFields(request?.params.fields ?? [], params),
      deadlineMs,
      ...idempotencyKey,
    };
  }
  if (parts[0] === model.envelopeKinds.response) {
    const [, requestId, status, body] = parts as [0, number, number, Json];
    if (status === 0) return { form: 'response', requestId, result: readFields(request?.result.fields ?? [], body) };
    return { form: 'response', requestId, code: readType({ kind: 'enum', name: 'ErrorCode' }, status), text: body };
  }
  if (parts[0] === model.envelopeKinds.event) {
    const [, sequence, id, fields] = parts as [0, number, number, unknown];
    const event = model.events.find((one) => one.id === id);
    return { form: 'event', sequence, name: event?.name ?? '', fields: readFields(event?.fields ?? [], fields) };
  }
  const link = model.links.find(({ kind }) => kind === parts[0]);
  return { form: 'link', name: link?.name ?? '', value: readFields(link?.fields ?? [], parts[1]) };
}

describe('bare msgpackr', () => {
  it('reads in every good vector what the vector says', () => {
    for (const vector of good) expect([vector.name, readBare(vector)]).toEqual([vector.name, vector.message]);
  });
});

describe('signalling vectors', () => {
  const signals = readSignals();

  it.each(signals.filter(({ message }) => message !== undefined).map((one) => [one.name, one] as const))(
    '%s is taken',
    (_, { text, message }) => {
      const checked = checkSignal(text);
      if ('error' in checked) throw new Error(checked.error);
      expect({ name: checked.name, value: checked.value }).toEqual(message);
      const again = checkSignal(encodeSignal(checked.name, checked.value as never));
      expect(again).toMatchObject({ name: checked.name, value: checked.value });
    },
  );

  it.each(signals.filter(({ refused }) => refused !== undefined).map((one) => [one.name, one] as const))(
    '%s is refused',
    (_, { text, refused }) => {
      expect(checkSignal(text)).toMatchObject({ cause: refused });
    },
  );
});
