// The vocabulary in which the three wires are declared: types with limits, fields with tags, messages with ids. Pure data; no I/O.

declare const inferred: unique symbol;

/** A wire type; `T` is the TypeScript value it stands for. Every variable-length type carries its limit. */
export type WireType<T = unknown> = (
  | { readonly kind: 'bool' }
  | { readonly kind: 'u32' }
  /** Integers 0 … 2^53 − 1: exact in Lua, JavaScript and Unreal. */
  | { readonly kind: 'u53' }
  | { readonly kind: 'str'; readonly maxBytes: number }
  | { readonly kind: 'bin'; readonly maxBytes: number; readonly minBytes: number }
  | { readonly kind: 'enum'; readonly enumeration: Enumeration }
  | { readonly kind: 'struct'; readonly struct: Struct }
  | { readonly kind: 'list'; readonly item: WireType; readonly maxItems: number }
) & { readonly [inferred]?: T };

export type Infer<W> = W extends { readonly [inferred]?: infer T } ? Exclude<T, undefined> : never;

export interface Enumeration<Names extends string = string> {
  readonly name: string;
  readonly doc: string;
  /** Name → wire number and doc. Numbers are never reused. */
  readonly values: Readonly<Record<Names, readonly [number, string]>>;
}

export interface Field<T = unknown, Optional extends boolean = boolean> {
  /** Key of the field in the MessagePack map; 0 on the JSON wire, where the name is the key. */
  readonly tag: number;
  readonly type: WireType<T>;
  readonly optional: Optional;
  readonly doc: string;
  readonly unit?: string;
  /** Protocol version that brought the field. */
  readonly since: number;
}

export type Fields = Readonly<Record<string, Field>>;

type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K]['optional'] extends true ? K : never }[keyof F];
/** The TypeScript value of a set of fields. */
export type ValueOf<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]['type']> } & {
  [K in OptionalKeys<F>]?: Infer<F[K]['type']> | undefined;
};

export interface Struct<F extends Fields = Fields> {
  readonly name: string;
  readonly doc: string;
  readonly fields: F;
  /** Tags of fields that existed once: tag → why it went. */
  readonly reserved?: Readonly<Record<number, string>>;
}

export const bool: WireType<boolean> = { kind: 'bool' };
export const u32: WireType<number> = { kind: 'u32' };
export const u53: WireType<number> = { kind: 'u53' };
/** UTF-8, at most `maxBytes` bytes, well-formed, without U+0000. */
export const str = (maxBytes: number): WireType<string> => ({ kind: 'str', maxBytes });
export const bin = (maxBytes: number, minBytes = 0): WireType<Uint8Array> => ({ kind: 'bin', maxBytes, minBytes });
export const list = <T>(item: WireType<T>, maxItems: number): WireType<T[]> => ({ kind: 'list', item, maxItems });
export const ref = <F extends Fields>(target: Struct<F>): WireType<ValueOf<F>> => ({ kind: 'struct', struct: target });
export const oneOf = <N extends string>(target: Enumeration<N>): WireType<N> => ({ kind: 'enum', enumeration: target });

interface FieldExtra {
  unit?: string;
  since?: number;
}

/** A field that is always there. */
export const field = <T>(tag: number, type: WireType<T>, doc: string, extra: FieldExtra = {}): Field<T, false> => ({
  tag,
  type,
  optional: false,
  doc,
  since: 1,
  ...extra,
});
/** A field that may be left out. */
export const optional = <T>(tag: number, type: WireType<T>, doc: string, extra: FieldExtra = {}): Field<T, true> => ({
  tag,
  type,
  optional: true,
  doc,
  since: 1,
  ...extra,
});

export const struct = <F extends Fields>(name: string, doc: string, fields: F): Struct<F> => ({ name, doc, fields });
export const enumeration = <N extends string>(
  name: string,
  doc: string,
  values: Record<N, readonly [number, string]>,
): Enumeration<N> => ({ name, doc, values });

/** Which events a game asks for in `hello.events`: one bit each. */
export const eventCategories = { lines: 1, peers: 2, messages: 4 } as const;
export type EventCategory = keyof typeof eventCategories;

/** A message of the shim link itself: `[kind, map]`. */
export interface LinkMessage<F extends Fields = Fields> extends Struct<F> {
  readonly wire: 'link';
  readonly kind: number;
  readonly direction: 'toDaemon' | 'toShim' | 'both';
  readonly example: ValueOf<F>;
}
export const link = <F extends Fields>(message: Omit<LinkMessage<F>, 'wire'>): LinkMessage<F> => ({
  wire: 'link',
  ...message,
});

/** A question of the game to the daemon with its one answer. */
export interface Request<P extends Fields = Fields, R extends Fields = Fields, E extends string = string> {
  readonly wire: 'request';
  readonly id: number;
  /** `noun.verb`. */
  readonly name: string;
  readonly doc: string;
  readonly since: number;
  /** True where a repeat would hurt: the shim sends an idempotency key, and the same one again after a reconnect. */
  readonly idempotent: boolean;
  readonly params: P;
  readonly result: R;
  readonly errors: readonly E[];
  readonly example: { readonly params: ValueOf<P>; readonly result: ValueOf<R> };
}
export const request = <P extends Fields, R extends Fields, const E extends string>(
  message: Omit<Request<P, R, E>, 'wire' | 'since' | 'idempotent'> & { since?: number; idempotent?: boolean },
): Request<P, R, E> => ({ wire: 'request', since: 1, idempotent: false, ...message });

/** Something that happened, told by the daemon to every session that subscribed to its category. */
export interface Event<F extends Fields = Fields> extends Struct<F> {
  readonly wire: 'event';
  readonly id: number;
  readonly since: number;
  readonly category: EventCategory;
  /** True: kept in the journal on disk and replayed by `hello.since`. False: the snapshot brings what matters. */
  readonly durable: boolean;
  readonly example: ValueOf<F>;
}
export const event = <F extends Fields>(message: Omit<Event<F>, 'wire' | 'since'> & { since?: number }): Event<F> => ({
  wire: 'event',
  since: 1,
  ...message,
});

/** A message between two daemons (or a daemon and a browser) in a data channel: `[id, map]`. */
export interface PeerMessage<F extends Fields = Fields> extends Struct<F> {
  readonly wire: 'peer';
  readonly id: number;
  readonly channel: 'chat';
  readonly example: ValueOf<F>;
}
export const peerMessage = <F extends Fields>(message: Omit<PeerMessage<F>, 'wire'>): PeerMessage<F> => ({
  wire: 'peer',
  ...message,
});

/** A JSON object of the signalling wire; its `type` key holds `name`. */
export interface Signal<F extends Fields = Fields, N extends string = string> {
  readonly wire: 'signal';
  readonly name: N;
  readonly doc: string;
  readonly direction: 'toServer' | 'toClient' | 'both';
  /** True: in the plain specification, so a program that knows only that one sends and expects it. */
  readonly plain: boolean;
  readonly fields: F;
  readonly example: ValueOf<F>;
}
export const signal = <F extends Fields, const N extends string>(
  message: Omit<Signal<F, N>, 'wire'>,
): Signal<F, N> => ({ wire: 'signal', ...message });
