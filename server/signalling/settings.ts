// Every limit of the server, once: default, range and meaning. The command line, --help and the README's table come from here.
import { limits as wire } from '../../proto/schema/limits.ts';

interface Limit {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly doc: string;
}

export const limits = {
  maxSockets: { default: 10_000, min: 1, max: 1_000_000, unit: 'sockets', doc: 'Open sockets; one more gets HTTP 503' },
  maxRoomClients: {
    default: 500,
    min: 1,
    max: 1024,
    unit: 'clients',
    doc: 'Registered clients of one room; one more gets the error roomFull',
  },
  maxMessageBytes: {
    default: wire.maxSignalToServerBytes,
    min: 1024,
    max: wire.maxSignalToClientBytes,
    unit: 'bytes',
    doc: 'Largest message; a larger one gets the error tooLarge, one of more than twice the size closes with 1009',
  },
  messagesPerSecond: {
    default: 30,
    min: 1,
    max: 1_000_000,
    unit: 'messages/s',
    doc: 'Sustained rate of one socket; what exceeds it is dropped with the error rateLimited',
  },
  messageBurst: {
    default: 120,
    min: 1,
    max: 1_000_000,
    unit: 'messages',
    doc: 'Messages that one socket may send at once: candidates come in bursts',
  },
  connectsPer10s: {
    default: 64,
    min: 1,
    max: 1_000_000,
    unit: 'connects',
    doc: 'New sockets from one address (IPv6: one /64) within 10 s; one more gets HTTP 429',
  },
  registerWithinMs: {
    default: 10_000,
    min: 100,
    max: 600_000,
    unit: 'ms',
    doc: 'Time to register after connecting; then closed with 1008',
  },
  heartbeatMs: {
    default: 20_000,
    min: 100,
    max: 600_000,
    unit: 'ms',
    doc: 'Time between two pings; a socket silent for two of them is dropped at the next',
  },
  takeoverPingMs: {
    default: 2000,
    min: 100,
    max: 60_000,
    unit: 'ms',
    doc: 'How long the holder of an id may take to answer a ping before a newcomer without the resume token gets the id',
  },
  maxQueuedBytes: {
    default: 1_048_576,
    min: 131_072,
    max: 1_073_741_824,
    unit: 'bytes',
    doc: 'What may wait for one slow reader; then it is closed with 1013',
  },
  maxBadMessages: {
    default: 20,
    min: 1,
    max: 1_000_000,
    unit: 'messages',
    doc: 'Malformed or oversized messages of one socket; at the last it is closed with 1008',
  },
  maxDroppedMessages: {
    default: 1000,
    min: 1,
    max: 1_000_000,
    unit: 'messages',
    doc: 'Messages of one socket dropped by rate; at the last it is closed with 1008',
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;
/** The value of every limit, in the unit of its entry above. */
export type Settings = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(limits) as LimitName[];

/** `maxSockets` → `max-sockets`, `connectsPer10s` → `connects-per-10s`. */
export const optionOf = (name: LimitName): string =>
  name.replace(/[A-Z]|(?<![0-9])[0-9]/g, (found) => `-${found.toLowerCase()}`);

/**
 * The defaults with `given` over them.
 * @throws RangeError when a value is no whole number of its range; the text names the option.
 */
export function settingsWith(given: Partial<Record<LimitName, number>> = {}): Settings {
  const settings = {} as Record<LimitName, number>;
  for (const name of limitNames) {
    const { default: usual, min, max, unit } = limits[name];
    const value = given[name] ?? usual;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(`--${optionOf(name)} must be a whole number from ${min} to ${max} (${unit})`);
    }
    settings[name] = value;
  }
  return settings;
}
