// The shim wire for TypeScript: checked values ⇄ bytes of one ZeroMQ part.
import type { Event, Fields, LinkMessage, Request, ValueOf } from '../dsl.ts';
import { limits } from '../schema/limits.ts';
import { errorCode } from '../schema/shim/error.ts';
import { type EventName, events, linkMessages, type RequestName, requests } from '../schema/shim/index.ts';
import { envelopeKind } from '../schema/shim/link.ts';
import { type Codec, checkBytes, checkInteger, checkText, structCodec } from './codec.ts';
import { type ErrorCode, malformed, ProtocolError } from './error.ts';
import { pack, packedInteger, unpack, type Wire } from './pack.ts';

type Links = typeof linkMessages;
type Requests = typeof requests;
type Events = typeof events;

export type LinkName = keyof Links;
export type LinkValue<N extends LinkName> = ValueOf<Links[N]['fields']>;
export type RequestParams<N extends RequestName> = ValueOf<Requests[N]['params']>;
export type RequestResult<N extends RequestName> = ValueOf<Requests[N]['result']>;
/** The codes that the schema lists for a request. */
export type RequestErrors<N extends RequestName> = Requests[N]['errors'][number];
export type EventValue<N extends EventName> = ValueOf<Events[N]['fields']>;

/** A decoded link message; `name` discriminates. */
export type LinkIn = {
  [N in LinkName]: { readonly kind: 'link'; readonly name: N; readonly value: LinkValue<N> };
}[LinkName];

interface RequestEnvelope {
  readonly kind: 'request';
  readonly requestId: number;
  /** 0 = `limits.defaultDeadlineMs`. */
  readonly deadlineMs: number;
  /** 16 bytes, only where the request is idempotent. */
  readonly idempotencyKey: Uint8Array | undefined;
}
/** A decoded request; `name` discriminates. */
export type RequestIn = {
  [N in RequestName]: RequestEnvelope & { readonly name: N; readonly params: RequestParams<N> };
}[RequestName];

/** A decoded event; `name` discriminates. */
export type EventIn = {
  [N in EventName]: {
    readonly kind: 'event';
    readonly sequence: number;
    readonly name: N;
    readonly value: EventValue<N>;
  };
}[EventName];

/** A response says nothing of its request: `decodeResult` wants the name that belongs to `requestId`. */
export type ResponseIn =
  | { readonly kind: 'response'; readonly requestId: number; readonly ok: true; readonly packedResult: Wire }
  | {
      readonly kind: 'response';
      readonly requestId: number;
      readonly ok: false;
      readonly code: ErrorCode;
      readonly text: string;
    };

export type ShimMessage = LinkIn | RequestIn | ResponseIn | EventIn;

interface Entry {
  readonly name: string;
  readonly id: number;
  readonly codec: Codec;
}

const entries = (messages: Record<string, { fields: Fields }>, id: (message: never) => number): Entry[] =>
  Object.entries(messages).map(([name, message]) => ({
    name,
    id: id(message as never),
    codec: structCodec(message.fields, name),
  }));
const byName = (list: Entry[]) => new Map<string, Entry>(list.map((entry) => [entry.name, entry]));
const byId = (list: Entry[]) => new Map<unknown, Entry>(list.map((entry) => [entry.id, entry]));

const linkEntries = entries(linkMessages, (message: LinkMessage) => message.kind);
const eventEntries = entries(events, (message: Event) => message.id);
const linkByName = byName(linkEntries);
const linkByKind = byId(linkEntries);
const eventByName = byName(eventEntries);
const eventById = byId(eventEntries);

interface RequestEntry {
  readonly name: RequestName;
  readonly id: number;
  readonly params: Codec;
  readonly result: Codec;
}
const requestEntries = Object.values<Request>(requests).map(
  (request): RequestEntry => ({
    name: request.name as RequestName,
    id: request.id,
    params: structCodec(request.params, `${request.name} params`),
    result: structCodec(request.result, `${request.name} result`),
  }),
);
const requestByName = new Map<string, RequestEntry>(requestEntries.map((entry) => [entry.name, entry]));
const requestById = new Map<unknown, RequestEntry>(requestEntries.map((entry) => [entry.id, entry]));

const errorNumbers: Readonly<Record<ErrorCode, readonly [number, string]>> = errorCode.values;
const errorNames = new Map<unknown, ErrorCode>(
  Object.entries(errorNumbers).map(([name, [number]]) => [number, name as ErrorCode]),
);

function known<E>(table: ReadonlyMap<string, E>, name: string): E {
  const entry = table.get(name);
  if (entry === undefined) throw new ProtocolError('invalidArgument', `no message is named ${name}`);
  return entry;
}

function need(wrong: string | undefined, what: string): void {
  if (wrong !== undefined) throw new ProtocolError('invalidArgument', `${what} ${wrong}`);
}

/** `[kind, map]`. @throws ProtocolError `invalidArgument` when `value` breaks the schema, `tooLarge` */
export function encodeLink<N extends LinkName>(name: N, value: LinkValue<N>): Uint8Array {
  const { id, codec } = known(linkByName, name);
  return pack([id, codec.encode(value)]);
}

export interface RequestOptions {
  /** Milliseconds that the asker waits; 0 (default) = `limits.defaultDeadlineMs`. */
  readonly deadlineMs?: number;
  /** 16 bytes; the same again when the request is repeated. */
  readonly idempotencyKey?: Uint8Array | undefined;
}

/** `[16, requestId, methodId, params, deadlineMs, idempotencyKey | nil]`; requestId is 1 or more. */
export function encodeRequest<N extends RequestName>(
  requestId: number,
  name: N,
  params: RequestParams<N>,
  { deadlineMs = 0, idempotencyKey }: RequestOptions = {},
): Uint8Array {
  const entry = known(requestByName, name);
  need(requestId === 0 ? 'must not be 0' : checkInteger(requestId, limits.maxInteger), 'requestId');
  need(checkInteger(deadlineMs, 0xffff_ffff), 'deadlineMs');
  if (idempotencyKey !== undefined) {
    need(checkBytes(idempotencyKey, limits.idempotencyKeyBytes, limits.idempotencyKeyBytes), 'idempotencyKey');
  }
  const packed = entry.params.encode(params);
  return pack([envelopeKind.request, packedInteger(requestId), entry.id, packed, deadlineMs, idempotencyKey ?? null]);
}

/** `[17, requestId, 0, result]`. */
export function encodeResponse<N extends RequestName>(
  requestId: number,
  name: N,
  result: RequestResult<N>,
): Uint8Array {
  const codec = known(requestByName, name).result;
  return pack([envelopeKind.response, packedInteger(requestId), 0, codec.encode(result)]);
}

/** `[17, requestId, errorCode, text]`; a text above the limit is cut at a character. */
export function encodeErrorResponse(requestId: number, code: ErrorCode, text: string): Uint8Array {
  return pack([envelopeKind.response, packedInteger(requestId), errorNumbers[code][0], cutText(text)]);
}

/** An error text may quote anything; whatever it holds, it must not keep the answer from going out. */
function cutText(text: string): string {
  const legal = text.toWellFormed().replaceAll('\0', '\uFFFD');
  if (checkText(legal, limits.maxErrorTextBytes) === undefined) return legal;
  // A UTF-16 unit takes at most three bytes; the cut may halve a pair, which is mended again.
  return legal
    .slice(0, Math.floor(limits.maxErrorTextBytes / 3) - 1)
    .toWellFormed()
    .concat('…');
}

/** `[18, sequence, eventId, fields]`. */
export function encodeEvent<N extends EventName>(sequence: number, name: N, value: EventValue<N>): Uint8Array {
  const { id, codec } = known(eventByName, name);
  need(checkInteger(sequence, limits.maxInteger), 'sequence');
  return pack([envelopeKind.event, packedInteger(sequence), id, codec.encode(value)]);
}

function integer(wire: Wire | undefined, what: string, min: number, max: number): number {
  if (checkInteger(wire, max) !== undefined || (wire as number) < min) throw malformed(`${what} is missing or wrong`);
  return wire as number;
}

/** The map that every envelope holds, whatever is in it. */
function map(wire: Wire | undefined, what: string): Wire {
  if (!(wire instanceof Map)) throw malformed(`${what} is not a map`);
  return wire;
}

function decodeRequest(values: readonly Wire[]): RequestIn {
  const requestId = integer(values[1], 'requestId', 1, limits.maxInteger);
  const methodId = integer(values[2], 'methodId', 0, 0xffff_ffff);
  const packed = map(values[3], 'params');
  const deadlineMs = integer(values[4], 'deadlineMs', 0, 0xffff_ffff);
  const key = values[5];
  const { idempotencyKeyBytes } = limits;
  if (key !== null && checkBytes(key, idempotencyKeyBytes, idempotencyKeyBytes) !== undefined) {
    throw malformed('idempotencyKey is missing or wrong');
  }
  const entry = requestById.get(methodId);
  if (entry === undefined) throw new ProtocolError('unknownMethod', `no method 0x${methodId.toString(16)}`, requestId);
  const params = decodeParams(entry, packed, requestId);
  const idempotencyKey = key === null ? undefined : Uint8Array.from(key as Uint8Array);
  return { kind: 'request', requestId, name: entry.name, params, deadlineMs, idempotencyKey } as RequestIn;
}

/** Wrong parameters in a good envelope can be answered, so they carry the request id. */
function decodeParams(entry: RequestEntry, packed: Wire, requestId: number): unknown {
  try {
    return entry.params.decode(packed);
  } catch (error) {
    if (error instanceof ProtocolError) throw new ProtocolError('invalidArgument', error.message, requestId);
    throw error;
  }
}

function decodeResponse(values: readonly Wire[]): ResponseIn {
  const requestId = integer(values[1], 'requestId', 1, limits.maxInteger);
  const status = integer(values[2], 'errorCode', 0, 0xffff_ffff);
  if (status === 0) return { kind: 'response', requestId, ok: true, packedResult: map(values[3], 'result') };
  const code = errorNames.get(status);
  if (code === undefined) throw malformed(`errorCode ${status} is unknown`);
  const text = values[3];
  if (checkText(text, limits.maxErrorTextBytes) !== undefined) throw malformed('error text is missing or wrong');
  return { kind: 'response', requestId, ok: false, code, text: text as string };
}

function decodeEvent(values: readonly Wire[]): EventIn {
  const sequence = integer(values[1], 'sequence', 0, limits.maxInteger);
  const eventId = integer(values[2], 'eventId', 0, 0xffff_ffff);
  const fields = map(values[3], 'fields');
  const entry = eventById.get(eventId);
  if (entry === undefined) throw new ProtocolError('notSupported', `no event 0x${eventId.toString(16)}`);
  return { kind: 'event', sequence, name: entry.name, value: entry.codec.decode(fields) } as EventIn;
}

function decodeLink(kind: number, values: readonly Wire[]): LinkIn {
  const entry = linkByKind.get(kind);
  if (entry === undefined) throw new ProtocolError('notSupported', `no message kind ${kind}`);
  return { kind: 'link', name: entry.name, value: entry.codec.decode(values[1]) } as LinkIn;
}

/** Values of an envelope, its kind counted; later versions may send more. */
const envelopeValues = new Map([
  [envelopeKind.request as number, 6],
  [envelopeKind.response, 4],
  [envelopeKind.event, 4],
  ...linkEntries.map(({ id }): [number, number] => [id, 2]),
]);

/**
 * Decodes one message of the shim wire. Never keeps or changes `bytes`.
 * @throws ProtocolError — `malformed`, `tooLarge`: count it, answer nothing; `unknownMethod`, `invalidArgument`: answer with its requestId;
 * `notSupported`: a kind or event of a newer version, to be ignored
 */
export function decodeShim(bytes: Uint8Array): ShimMessage {
  const values = unpack(bytes);
  const kind = integer(values[0], 'kind', 0, 0xffff_ffff);
  if (values.length < (envelopeValues.get(kind) ?? 1)) {
    throw malformed(`a message of kind ${kind} has ${values.length} values`);
  }
  if (kind === envelopeKind.request) return decodeRequest(values);
  if (kind === envelopeKind.response) return decodeResponse(values);
  if (kind === envelopeKind.event) return decodeEvent(values);
  return decodeLink(kind, values);
}

/** The result of a response, once its `requestId` has told the name. @throws ProtocolError `malformed` */
export function decodeResult<N extends RequestName>(name: N, packedResult: Wire): RequestResult<N> {
  return known(requestByName, name).result.decode(packedResult) as RequestResult<N>;
}
