// The one error that the protocol runtime throws.
import type { errorCode } from '../schema/shim/error.ts';

/** Every error code that crosses a wire. */
export type ErrorCode = keyof (typeof errorCode)['values'];

/**
 * A message could not be decoded or encoded.
 *
 * `code` is `malformed` (not the bytes of STANDARD.md), `tooLarge`, `unknownMethod`, `invalidArgument` (parameters of a request, or a value
 * given to an encoder, break the schema) or `notSupported` (a kind, event or peer message that this version does not know: ignore it).
 * `requestId` is set when the sender can be answered.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ErrorCode;
  readonly requestId: number | undefined;

  constructor(code: ErrorCode, text: string, requestId?: number) {
    super(text);
    this.code = code;
    this.requestId = requestId;
  }
}

export const malformed = (text: string): ProtocolError => new ProtocolError('malformed', text);
