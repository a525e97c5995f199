// Reads the schema into the model, and refuses a schema that breaks its own rules.
import { type Enumeration, eventCategories, type Field, type Fields, type Struct, type WireType } from '../dsl.ts';
import { limits } from '../schema/limits.ts';
import { peerMessages, peerProtocolMax, peerProtocolMin } from '../schema/peer/index.ts';
import { events, linkMessages, requests } from '../schema/shim/index.ts';
import { envelopeKind, protocolMax, protocolMin } from '../schema/shim/link.ts';
import { signals, subprotocol } from '../schema/signalling/index.ts';
import type { Model, ModelEnumeration, ModelField, ModelObject, ModelStruct, ModelType, ModelValue } from './model.ts';

/** Decoders keep the tags that they saw as bits of a 64-bit word. */
const maxTag = 63;

/** What the types of one wire lead to, in the order in which C can declare it. */
class Collector {
  readonly structs = new Map<string, ModelStruct>();
  private readonly enumerations: Map<string, ModelEnumeration>;
  private readonly tagged: boolean;
  private readonly known: ReadonlyMap<string, ModelStruct>;

  constructor(enumerations: Map<string, ModelEnumeration>, tagged: boolean, known = new Map<string, ModelStruct>()) {
    this.enumerations = enumerations;
    this.tagged = tagged;
    this.known = known;
  }

  /** A message or a part of one as a struct of the model. */
  struct({ name, doc, fields, reserved = {} }: Struct): ModelStruct {
    const gone = Object.entries(reserved).map(([tag, why]) => ({ tag: Number(tag), why }));
    const list = this.fields(name, fields);
    for (const { tag } of gone)
      if (list.some((one) => one.tag === tag)) throw new Error(`${name}: tag ${tag} is reserved`);
    return { name, doc, fields: list, reserved: gone };
  }

  private fields(owner: string, fields: Fields): ModelField[] {
    const list = Object.entries<Field>(fields).map(([name, { tag, type, optional, doc, unit, since }]) => ({
      name,
      tag,
      type: this.type(type, `${owner}.${name}`),
      optional,
      doc,
      ...(unit === undefined ? {} : { unit }),
      since,
    }));
    if (!this.tagged) return list;
    list.sort((a, b) => a.tag - b.tag);
    list.forEach(({ name, tag }, i) => {
      if (tag < 1 || tag > maxTag) throw new Error(`${owner}.${name}: tag ${tag} is not within 1 … ${maxTag}`);
      if (list[i + 1]?.tag === tag) throw new Error(`${owner}: tag ${tag} is used twice`);
    });
    return list;
  }

  private type(type: WireType, path: string): ModelType {
    switch (type.kind) {
      case 'bool':
      case 'u32':
      case 'u53':
        return { kind: type.kind };
      case 'str':
        return { kind: 'str', maxBytes: type.maxBytes };
      case 'bin':
        return { kind: 'bin', minBytes: type.minBytes, maxBytes: type.maxBytes };
      case 'enum':
        return { kind: 'enum', name: this.enumeration(type.enumeration) };
      case 'struct':
        return { kind: 'struct', name: this.reference(type.struct) };
      case 'list':
        if (type.item.kind === 'list') throw new Error(`${path}: a list of lists has no C form; use a struct`);
        return { kind: 'list', item: this.type(type.item, path), maxItems: type.maxItems };
      default:
        return type satisfies never;
    }
  }

  private reference(target: Struct): string {
    if (!this.known.has(target.name) && !this.structs.has(target.name)) {
      // Inner structs first: C wants them declared before.
      const struct = this.struct(target);
      this.structs.set(target.name, struct);
    }
    return target.name;
  }

  private enumeration({ name, doc, values }: Enumeration): string {
    if (!this.enumerations.has(name)) {
      const list = Object.entries(values).map(([one, [number, text]]) => ({ name: one, number, doc: text }));
      unique(
        list.map(({ number }) => number),
        `numbers of ${name}`,
      );
      this.enumerations.set(name, { name, doc, values: list.sort((a, b) => a.number - b.number) });
    }
    return name;
  }
}

function unique(values: readonly (number | string)[], what: string): void {
  if (new Set(values).size !== values.length) throw new Error(`${what} are not unique: ${values.join(', ')}`);
}

/** Enumerations by name and binaries as hex, so that the model is JSON. */
function toModelValue(value: unknown): ModelValue {
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (Array.isArray(value)) return value.map(toModelValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toModelValue(one)]));
  }
  return value as ModelValue;
}
const example = (value: unknown) => toModelValue(value) as ModelObject;

const byId = <T extends { id: number }>(list: T[]): T[] => {
  unique(
    list.map(({ id }) => id),
    'message ids',
  );
  return list.sort((a, b) => a.id - b.id);
};

function readRequests(shim: Collector): Model['requests'] {
  return byId(
    Object.values(requests).map((one) => ({
      id: one.id,
      name: one.name,
      doc: one.doc,
      since: one.since,
      idempotent: one.idempotent,
      params: shim.struct({ name: `${one.name} params`, doc: `Parameters of ${one.name}.`, fields: one.params }),
      result: shim.struct({ name: `${one.name} result`, doc: `Result of ${one.name}.`, fields: one.result }),
      errors: [...one.errors],
      example: { params: example(one.example.params), result: example(one.example.result) },
    })),
  );
}

export function readSchema(): Model {
  const enumerations = new Map<string, ModelEnumeration>();
  const shim = new Collector(enumerations, true);
  const links = Object.values(linkMessages)
    .map((one) => ({ ...shim.struct(one), kind: one.kind, direction: one.direction, example: example(one.example) }))
    .sort((a, b) => a.kind - b.kind);
  unique([...links.map(({ kind }) => kind), ...Object.values(envelopeKind)], 'message kinds');
  const requestList = readRequests(shim);
  const eventList = byId(
    Object.values(events).map((one) => ({
      ...shim.struct(one),
      id: one.id,
      since: one.since,
      category: one.category,
      durable: one.durable,
      example: example(one.example),
    })),
  );
  unique(
    [...requestList, ...eventList].map(({ id }) => id),
    'ids of requests and events',
  );
  const peer = new Collector(enumerations, true, shim.structs);
  const peerList = byId(
    Object.values(peerMessages).map((one) => ({
      ...peer.struct(one),
      id: one.id,
      channel: one.channel,
      example: example(one.example),
    })),
  );
  const json = new Collector(enumerations, false);
  const signalList = Object.values(signals).map((one) => ({
    ...json.struct(one),
    direction: one.direction,
    plain: one.plain,
    example: example(one.example),
  }));
  return {
    about:
      'Generated from proto/schema by proto/generator; do not edit. Binaries in examples are hex, enumerations names.',
    versions: {
      shim: { min: protocolMin, max: protocolMax },
      peer: { min: peerProtocolMin, max: peerProtocolMax },
      subprotocol,
    },
    limits,
    envelopeKinds: envelopeKind,
    eventCategories,
    enumerations: [...enumerations.values()],
    structs: [...shim.structs.values()],
    peerStructs: [...peer.structs.values()],
    signalStructs: [...json.structs.values()],
    links,
    requests: requestList,
    events: eventList,
    peerMessages: peerList,
    signals: signalList,
  };
}
