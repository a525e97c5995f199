// From a request to its one answer: the handler, the deadline, the error.
import { encodeErrorResponse, encodeResponse, limits, type RequestIn } from '../../proto/runtime/index.ts';
import type { RequestName } from '../../proto/schema/shim/index.ts';
import { type ErrorCode, MosisError } from '../core/errors.ts';
import type { Clock, Log, RequestParams, RequestResult } from '../core/ports.ts';
import { daemonHandlers } from './handlers/daemon.ts';
import type { Handler, HandlerContext } from './handlers/handler.ts';
import { lineHandlers } from './handlers/line.ts';
import { messageHandlers } from './handlers/message.ts';
import { peersHandlers } from './handlers/peers.ts';
import type { Session } from './session.ts';

/** A request without a handler does not compile. */
const handlers = {
  ...daemonHandlers,
  ...lineHandlers,
  ...peersHandlers,
  ...messageHandlers,
} satisfies { [N in RequestName]: Handler<N> };

/** Answers of one session that may be outstanding at once. */
const pendingLimit = 256;
const longestDeadlineMs = 10 * 60_000;

export interface RequestTools extends Omit<HandlerContext, 'session' | 'idempotencyKey'> {
  readonly clock: Clock;
  readonly log: Log;
}

export class Requests {
  readonly #tools: RequestTools;

  constructor(tools: RequestTools) {
    this.#tools = tools;
  }

  /** Answers on the session's connection, at once or within the deadline; never throws. */
  handle<N extends RequestName>(session: Session, request: Extract<RequestIn, { name: N }>): void {
    const { name, requestId, idempotencyKey = null } = request;
    const { phone, status, stopDaemon } = this.#tools;
    const answer = (bytes: Uint8Array) => session.connection?.send(bytes);
    try {
      if (session.pendingRequests >= pendingLimit) {
        throw new MosisError(
          'queueFull',
          `${pendingLimit} requests of this session wait already; wait for their answers`,
        );
      }
      const context: HandlerContext = { session, phone, idempotencyKey, status, stopDaemon };
      const handler = handlers[name] as Handler<N>;
      const result = handler(context, request.params as RequestParams<N>);
      if (result instanceof Promise) this.#answerLater(session, request, result, answer);
      else answer(encodeResponse(requestId, name, result));
    } catch (error) {
      answer(this.#failure(requestId, name, error));
    }
  }

  #answerLater<N extends RequestName>(
    session: Session,
    { name, requestId, deadlineMs }: Extract<RequestIn, { name: N }>,
    result: Promise<RequestResult<N>>,
    answer: (bytes: Uint8Array) => void,
  ): void {
    let answered = false;
    const answerOnce = (makeBytes: () => Uint8Array) => {
      if (answered) return;
      answered = true;
      session.pendingRequests -= 1;
      cancelDeadline();
      try {
        answer(makeBytes());
      } catch (error) {
        answer(this.#failure(requestId, name, error));
      }
    };
    session.pendingRequests += 1;
    const limitMs = Math.min(deadlineMs || limits.defaultDeadlineMs, longestDeadlineMs);
    const cancelDeadline = this.#tools.clock.after(limitMs, () => {
      answerOnce(() => encodeErrorResponse(requestId, 'deadlineExceeded', `${name} took longer than ${limitMs} ms`));
    });
    result.then(
      (value) => answerOnce(() => encodeResponse(requestId, name, value)),
      (error) => answerOnce(() => this.#failure(requestId, name, error)),
    );
  }

  /** Whatever is no MosisError is a defect of ours: the game learns that much, the log the rest. */
  #failure(requestId: number, name: RequestName, error: unknown): Uint8Array {
    if (error instanceof MosisError)
      return encodeErrorResponse(requestId, error.code satisfies ErrorCode, error.message);
    this.#tools.log.error('a request failed by a defect', { request: name, error, stack: (error as Error).stack });
    return encodeErrorResponse(requestId, 'internal', `${name} failed by a defect in the daemon; see its log`);
  }
}
