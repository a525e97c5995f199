// What a handler is: one per request of the schema, checked by the compiler to be complete.
import type { RequestName } from '../../../proto/schema/shim/index.ts';
import type { Phone, RequestParams, RequestResult } from '../../core/ports.ts';
import type { Session } from '../session.ts';

/** What the daemon says of itself. */
export type HostStatus = Omit<
  RequestResult<'daemon.status'>,
  'sessions' | 'lines' | 'outboxMessages' | 'malformedMessages'
>;

export interface HandlerContext {
  readonly session: Session;
  readonly phone: Phone;
  readonly idempotencyKey: Uint8Array | null;
  status(): RequestResult<'daemon.status'>;
  /** Begins an orderly stop once the answer is out. */
  stopDaemon(): void;
}

/** Throws, or rejects with, MosisError for what the game is to be told. */
export type Handler<N extends RequestName> = (
  context: HandlerContext,
  params: RequestParams<N>,
) => RequestResult<N> | Promise<RequestResult<N>>;

export type Handlers<Prefix extends string> = {
  readonly [N in Extract<RequestName, `${Prefix}.${string}`>]: Handler<N>;
};
