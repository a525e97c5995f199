// The signalling wire for TypeScript: JSON texts with a `type`.
import type { Field, Fields, Signal, ValueOf, WireType } from '../dsl.ts';
import { limits } from '../schema/limits.ts';
import { type SignalName, signals } from '../schema/signalling/index.ts';
import { checkBool, checkInteger, checkText } from './codec.ts';
import { ProtocolError } from './error.ts';
import { parseObject } from './peer.ts';

export type SignalValue<N extends SignalName> = ValueOf<(typeof signals)[N]['fields']>;
/** A checked message; `name` discriminates. */
export type SignalIn = {
  [N in SignalName]: {
    readonly name: N;
    /** The fields that the schema knows. */
    readonly value: SignalValue<N>;
    /** The object as it came, `type` and unknown fields included: what a server forwards. */
    readonly raw: Record<string, unknown>;
  };
}[SignalName];

export interface SignalError {
  /** For people, with no content of the message. */
  readonly error: string;
  /** `unknownType` is to be ignored, the others count as bad messages. */
  readonly cause: 'tooLarge' | 'notJson' | 'unknownType' | 'wrongField';
  /** The type, when it is known. */
  readonly type?: SignalName;
  /** The object as it came, when only its type is unknown: a server forwards it all the same. */
  readonly raw?: Record<string, unknown>;
}

type Check = (value: unknown, path: string) => void;

const wrongField = (text: string) => new ProtocolError('invalidArgument', text);

const leaf =
  (check: (value: unknown) => string | undefined): Check =>
  (value, path) => {
    const wrong = check(value);
    if (wrong !== undefined) throw wrongField(`${path} ${wrong}`);
  };

function typeCheck(type: WireType): Check {
  switch (type.kind) {
    case 'bool':
      return leaf(checkBool);
    case 'u32':
      return leaf((value) => checkInteger(value, 0xffff_ffff));
    case 'u53':
      return leaf((value) => checkInteger(value, limits.maxInteger));
    case 'str':
      return leaf((value) => checkText(value, type.maxBytes));
    case 'enum':
      return leaf((value) =>
        typeof value === 'string' && Object.hasOwn(type.enumeration.values, value) ? undefined : 'is not a known name',
      );
    case 'struct': {
      const pick = pickFields(type.struct.fields);
      return (value, path) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) {
          throw wrongField(`${path} is not an object`);
        }
        pick(value as Record<string, unknown>, path);
      };
    }
    case 'list':
      return listCheck(typeCheck(type.item), type.maxItems);
    case 'bin':
      throw new TypeError('binary has no JSON form: use a text');
    default:
      return type satisfies never;
  }
}

const listCheck =
  (item: Check, maxItems: number): Check =>
  (value, path) => {
    if (!Array.isArray(value)) throw wrongField(`${path} is not a list`);
    if (value.length > maxItems) throw wrongField(`${path} has ${value.length} items, at most ${maxItems} are allowed`);
    value.forEach((one, i) => {
      item(one, `${path}[${i}]`);
    });
  };

type Pick = (raw: Record<string, unknown>, path: string) => Record<string, unknown>;

/** Checks the known fields and returns them alone. JSON null stands for an absent optional field: many libraries write it. */
function pickFields(fields: Fields): Pick {
  const slots = Object.entries<Field>(fields).map(([name, { type, optional }]) => ({
    name,
    optional,
    check: typeCheck(type),
  }));
  return (raw, path) => {
    const value: Record<string, unknown> = {};
    for (const { name, optional, check } of slots) {
      const one = Object.hasOwn(raw, name) ? raw[name] : undefined;
      if (one === undefined || (one === null && optional)) {
        if (!optional) throw wrongField(`${path} misses ${name}`);
      } else {
        check(one, `${path}.${name}`);
        value[name] = one;
      }
    }
    return value;
  };
}

const checks = new Map<string, Pick>(Object.values<Signal>(signals).map((one) => [one.name, pickFields(one.fields)]));

/** Checks a foreign JSON text; never throws. Sizes: `limits.maxSignalToServerBytes` is the server's to check, the larger one is checked here. */
export function checkSignal(json: string): SignalIn | SignalError {
  if (json.length > limits.maxSignalToClientBytes) return { error: 'the message is too large', cause: 'tooLarge' };
  let raw: Record<string, unknown>;
  try {
    raw = parseObject(json);
  } catch (error) {
    return { error: (error as Error).message, cause: 'notJson' };
  }
  const name = raw.type;
  if (typeof name !== 'string') return { error: 'type is missing', cause: 'wrongField' };
  const pick = checks.get(name);
  if (pick === undefined) return { error: 'this type is unknown', cause: 'unknownType', raw };
  try {
    return { name, value: pick(raw, name), raw } as unknown as SignalIn;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { error: error.message, cause: 'wrongField', type: name as SignalName };
  }
}

/** `{"type": name, …value}` with the fields of the schema only. @throws ProtocolError `invalidArgument` */
export function encodeSignal<N extends SignalName>(name: N, value: SignalValue<N>): string {
  const pick = checks.get(name);
  if (pick === undefined) throw wrongField(`no signal is named ${name}`);
  return JSON.stringify({ type: name, ...pick(value as Record<string, unknown>, name) });
}
