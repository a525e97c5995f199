// config.json of a profile: checked key by key; what is wrong is named and the default used instead.
import fs from 'node:fs';
import type { IceServer } from '../core/ports.ts';
import { type LogLevel, logLevels } from './log.ts';

export interface Config {
  /** STUN and TURN servers; empty = only addresses of this machine and its network. */
  readonly iceServers: readonly IceServer[];
  /** Exit after so many seconds without games. */
  readonly idleExitSeconds: number;
  /** Close a peer connection that carried nothing for so long. */
  readonly peerIdleSeconds: number;
  /** Local address for media; null = all. */
  readonly bindAddress: string | null;
  readonly logLevel: LogLevel;
}

export const defaultConfig: Config = {
  iceServers: [],
  idleExitSeconds: 30,
  peerIdleSeconds: 120,
  bindAddress: null,
  logLevel: 'info',
};

type Check<T> = (value: unknown) => T | undefined;

const seconds: Check<number> = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 86_400 ? (value as number) : undefined;

/** Key → check and what a right value looks like. */
const keys: { [K in keyof Config]: { check: Check<Config[K]>; expected: string } } = {
  iceServers: {
    check: iceServers,
    expected: 'a list of {"urls":"stun:host:port"|"turn:host:port","username"?,"credential"?}',
  },
  idleExitSeconds: { check: seconds, expected: 'a whole number of seconds, 1 to 86400' },
  peerIdleSeconds: { check: seconds, expected: 'a whole number of seconds, 1 to 86400' },
  bindAddress: {
    check: (value) =>
      value === null || (typeof value === 'string' && /^[0-9a-fA-F.:]{2,45}$/.test(value)) ? value : undefined,
    expected: 'an IP address of this machine, or null',
  },
  logLevel: {
    check: (value) => logLevels.find((level) => level === value),
    expected: `one of ${logLevels.join(', ')}`,
  },
};

/** Reads the file; never throws: each warning names file, key and what is expected. */
export function readConfig(file: string): { config: Config; warnings: string[] } {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return {
      config: defaultConfig,
      warnings: missing ? [] : [`${file} cannot be read (${(error as Error).message}); defaults are used.`],
    };
  }
  return parseConfig(text, file);
}

/** The same for text in hand; `name` stands in the warnings. */
export function parseConfig(text: string, name: string): { config: Config; warnings: string[] } {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    return {
      config: defaultConfig,
      warnings: [`${name} is not JSON (${(error as Error).message}); defaults are used.`],
    };
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    return { config: defaultConfig, warnings: [`${name} is not a JSON object; defaults are used.`] };
  }
  const warnings: string[] = [];
  const config: Record<string, unknown> = { ...defaultConfig };
  for (const [key, value] of Object.entries(read)) {
    if (!Object.hasOwn(keys, key)) {
      warnings.push(`${name}: unknown key "${key}"; known are ${Object.keys(keys).join(', ')}.`);
      continue;
    }
    const { check, expected } = keys[key as keyof Config];
    const checked = check(value);
    if (checked === undefined) warnings.push(`${name}: "${key}" must be ${expected}; the default is used.`);
    else config[key] = checked;
  }
  return { config: config as unknown as Config, warnings };
}

function iceServers(value: unknown): IceServer[] | undefined {
  if (!Array.isArray(value) || value.length > 16) return undefined;
  const servers = value.map(iceServer);
  return servers.every((server) => server !== undefined) ? servers : undefined;
}

function iceServer(value: unknown): IceServer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { urls, username, credential, ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return undefined;
  if (typeof urls !== 'string' || !/^(stun|turns?):[^\s]+$/.test(urls)) return undefined;
  const named = { username, credential };
  for (const text of Object.values(named)) {
    if (text !== undefined && typeof text !== 'string') return undefined;
  }
  return {
    urls,
    ...(typeof username === 'string' && { username }),
    ...(typeof credential === 'string' && { credential }),
  };
}
