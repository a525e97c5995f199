// The model: the schema as plain JSON. Emitters read nothing else, so that strangers can write emitters of their own.

export type ModelType =
  | { readonly kind: 'bool' | 'u32' | 'u53' }
  | { readonly kind: 'str'; readonly maxBytes: number }
  | { readonly kind: 'bin'; readonly minBytes: number; readonly maxBytes: number }
  | { readonly kind: 'enum' | 'struct'; readonly name: string }
  | { readonly kind: 'list'; readonly item: ModelType; readonly maxItems: number };

export interface ModelField {
  readonly name: string;
  /** 0 on the JSON wire. */
  readonly tag: number;
  readonly type: ModelType;
  readonly optional: boolean;
  readonly doc: string;
  readonly unit?: string;
  readonly since: number;
}

export interface ModelStruct {
  readonly name: string;
  readonly doc: string;
  readonly fields: readonly ModelField[];
  readonly reserved: readonly { readonly tag: number; readonly why: string }[];
}

export interface ModelEnumeration {
  readonly name: string;
  readonly doc: string;
  readonly values: readonly { readonly name: string; readonly number: number; readonly doc: string }[];
}

/** Values in examples and vectors: enumerations by name, binaries as lower-case hex, the rest as in JSON. */
export type ModelValue = boolean | number | string | readonly ModelValue[] | ModelObject;
export interface ModelObject {
  readonly [name: string]: ModelValue;
}

export interface ModelLink extends ModelStruct {
  readonly kind: number;
  readonly direction: string;
  readonly example: ModelObject;
}

export interface ModelRequest {
  readonly id: number;
  readonly name: string;
  readonly doc: string;
  readonly since: number;
  readonly idempotent: boolean;
  readonly params: ModelStruct;
  readonly result: ModelStruct;
  readonly errors: readonly string[];
  readonly example: { readonly params: ModelObject; readonly result: ModelObject };
}

export interface ModelEvent extends ModelStruct {
  readonly id: number;
  readonly since: number;
  readonly category: string;
  readonly durable: boolean;
  readonly example: ModelObject;
}

export interface ModelPeerMessage extends ModelStruct {
  readonly id: number;
  readonly channel: string;
  readonly example: ModelObject;
}

export interface ModelSignal extends ModelStruct {
  readonly direction: string;
  readonly plain: boolean;
  readonly example: ModelObject;
}

export interface Model {
  readonly about: string;
  readonly versions: {
    readonly shim: { readonly min: number; readonly max: number };
    readonly peer: { readonly min: number; readonly max: number };
    readonly subprotocol: string;
  };
  readonly limits: Readonly<Record<string, number>>;
  readonly envelopeKinds: { readonly request: number; readonly response: number; readonly event: number };
  readonly eventCategories: Readonly<Record<string, number>>;
  readonly enumerations: readonly ModelEnumeration[];
  /** Structs of the shim wire; each one after those that it holds. */
  readonly structs: readonly ModelStruct[];
  /** Structs that only the peer wire uses. */
  readonly peerStructs: readonly ModelStruct[];
  /** Structs of the JSON wire. */
  readonly signalStructs: readonly ModelStruct[];
  readonly links: readonly ModelLink[];
  readonly requests: readonly ModelRequest[];
  readonly events: readonly ModelEvent[];
  readonly peerMessages: readonly ModelPeerMessage[];
  readonly signals: readonly ModelSignal[];
}

export function findStruct(model: Model, name: string): ModelStruct {
  const found = [...model.structs, ...model.peerStructs, ...model.signalStructs].find((one) => one.name === name);
  if (found === undefined) throw new Error(`the model has no struct ${name}`);
  return found;
}

export function findEnumeration(model: Model, name: string): ModelEnumeration {
  const found = model.enumerations.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the model has no enumeration ${name}`);
  return found;
}
