// endpoint.json: how games and the command line find this daemon. Written when ready, removed at an orderly stop.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ownUid } from './paths.ts';

export interface Endpoint {
  readonly version: 1;
  readonly pid: number;
  readonly daemonVersion: string;
  readonly protocolMin: number;
  readonly protocolMax: number;
  /** ZeroMQ endpoints, the preferred one first. */
  readonly endpoints: readonly string[];
  /** Z85; present when the endpoints are tcp. */
  readonly curveServerKey?: string;
  /** Goes into hello. A secret of this user. */
  readonly token: string;
}

/** Whole or not at all, 0600 from the first byte on. */
export function writeEndpoint(file: string, endpoint: Endpoint): void {
  const temporary = path.join(path.dirname(file), `.endpoint.json.${process.pid}`);
  fs.rmSync(temporary, { force: true });
  fs.writeFileSync(temporary, `${JSON.stringify(endpoint)}\n`, { mode: 0o600, flag: 'wx' });
  fs.renameSync(temporary, file);
}

export function removeEndpoint(file: string): void {
  fs.rmSync(file, { force: true });
}

/** Null when there is none. Throws an Error that names the fault when the file is not ours or not what a daemon writes. */
export function readEndpoint(file: string): Endpoint | null {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const foreign = process.platform !== 'win32' && (found.uid !== ownUid() || (found.mode & 0o077) !== 0);
  if (!found.isFile() || foreign) throw new Error(`${file} is not a private file of yours: remove it`);
  const read: unknown = parse(file);
  if (!isEndpoint(read)) throw new Error(`${file} is not what a daemon writes: remove it`);
  return read;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: remove it`, { cause: error });
  }
}

function isEndpoint(value: unknown): value is Endpoint {
  if (typeof value !== 'object' || value === null) return false;
  const read = value as Record<string, unknown>;
  return (
    read.version === 1 &&
    Number.isSafeInteger(read.pid) &&
    typeof read.token === 'string' &&
    Array.isArray(read.endpoints) &&
    read.endpoints.length > 0 &&
    read.endpoints.every((endpoint) => typeof endpoint === 'string') &&
    (read.curveServerKey === undefined || typeof read.curveServerKey === 'string')
  );
}
