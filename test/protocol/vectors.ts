// The vectors of all languages, as TypeScript reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RequestName } from '../../proto/schema/shim/index.ts';

export const protoFolder = join(dirname(fileURLToPath(import.meta.url)), '../../proto');

/** JSON values of messages: binaries are hex, enumerations names. */
export type Json = boolean | number | string | null | Json[] | { [name: string]: Json };

export interface Vector {
  readonly name: string;
  readonly wire: 'shim' | 'peer';
  readonly answers?: RequestName;
  readonly hex: string;
  readonly message?: { readonly form: string } & Record<string, Json>;
  readonly canonical?: string;
  readonly refused?: string;
}

export interface SignalVector {
  readonly name: string;
  readonly text: string;
  readonly message?: { readonly name: string; readonly value: Json };
  readonly refused?: string;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(protoFolder, path), 'utf8'));

/** Every MessagePack vector, generated and written by hand. */
export function readVectors(): Vector[] {
  const files = readdirSync(join(protoFolder, 'generated/vectors')).filter((name) => name !== 'signalling.json');
  const generated = files.flatMap((name) => readJson(`generated/vectors/${name}`) as Vector[]);
  return [...generated, ...readHandwritten()];
}

export const readHandwritten = (): Vector[] => (readJson('vectors/handwritten.json') as { vectors: Vector[] }).vectors;
export const readSignals = (): SignalVector[] => readJson('generated/vectors/signalling.json') as SignalVector[];

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const canonicalHex = ({ canonical, hex }: Vector): string => (canonical ?? hex).replaceAll(' ', '');

/** A decoded value in the form of the vectors. */
export function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    const there = Object.entries(value).filter(([, one]) => one !== undefined);
    return Object.fromEntries(there.map(([name, one]) => [name, toJson(one)]));
  }
  return value as Json;
}
