// The peer wire for TypeScript: binary data channel messages, and the plain JSON form of strangers.
import type { PeerMessage, ValueOf } from '../dsl.ts';
import { limits } from '../schema/limits.ts';
import { type PeerMessageName, peerMessages } from '../schema/peer/index.ts';
import { maxTextBytes } from '../schema/shim/message.ts';
import { checkInteger, checkText, structCodec } from './codec.ts';
import { malformed, ProtocolError } from './error.ts';
import { pack, unpack } from './pack.ts';

export type PeerValue<N extends PeerMessageName> = ValueOf<(typeof peerMessages)[N]['fields']>;
/** A decoded peer message; `name` discriminates. */
export type PeerPacket = {
  [N in PeerMessageName]: { readonly name: N; readonly value: PeerValue<N> };
}[PeerMessageName];

const entries = Object.values<PeerMessage>(peerMessages).map(({ id, name, fields }) => ({
  id,
  name: name as PeerMessageName,
  codec: structCodec(fields, name),
}));
const byName = new Map<string, (typeof entries)[number]>(entries.map((entry) => [entry.name, entry]));
const byId = new Map<unknown, (typeof entries)[number]>(entries.map((entry) => [entry.id, entry]));

/** `[id, map]`. @throws ProtocolError `invalidArgument`, `tooLarge` */
export function encodePeer<N extends PeerMessageName>(name: N, value: PeerValue<N>): Uint8Array {
  const entry = byName.get(name);
  if (entry === undefined) throw new ProtocolError('invalidArgument', `no peer message is named ${name}`);
  return pack([entry.id, entry.codec.encode(value)]);
}

/**
 * Decodes a binary message of the `chat` channel.
 * @throws ProtocolError — `malformed`, `tooLarge`: refuse and count it; `notSupported`: a message of a newer version, to be ignored
 */
export function decodePeer(bytes: Uint8Array): PeerPacket {
  const [id, fields] = unpack(bytes);
  if (checkInteger(id, limits.maxInteger) !== undefined) throw malformed('the message has no id');
  const entry = byId.get(id);
  if (entry === undefined) throw new ProtocolError('notSupported', `no peer message ${id}`);
  return { name: entry.name, value: entry.codec.decode(fields) } as PeerPacket;
}

/** The string message that a peer which knows nothing more sends and expects: `{"type":"message","text":"…"}`. */
export function encodePlainText(text: string): string {
  const wrong = checkText(text, maxTextBytes);
  if (wrong !== undefined) throw new ProtocolError('invalidArgument', `text ${wrong}`);
  return JSON.stringify({ type: 'message', text });
}

/**
 * The text of a string data channel message.
 * @throws ProtocolError `malformed`; `notSupported` for another `type`, to be ignored
 */
export function decodePlainText(json: string): string {
  const value = parseObject(json);
  if (value.type !== 'message') throw new ProtocolError('notSupported', 'type is not "message"');
  const wrong = checkText(value.text, maxTextBytes);
  if (wrong !== undefined) throw malformed(`text ${wrong}`);
  return value.text as string;
}

/** A JSON object, or a ProtocolError `malformed`. */
export function parseObject(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    // The parser's own text quotes the input, which may be private.
    throw new ProtocolError('malformed', `${json.length} characters are not JSON (${(error as Error).name})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('the JSON is not an object');
  return value as Record<string, unknown>;
}
