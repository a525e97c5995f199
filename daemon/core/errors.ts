// The one error class of the daemon; its codes come from the schema, so every language shares them.
import type { errorCode } from '../../proto/schema/shim/error.ts';

export type ErrorCode = keyof (typeof errorCode)['values'];

/** Something failed in a way that a game can be told: `code` for programs, `message` = what failed and what to check. */
export class MosisError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MosisError';
    this.code = code;
  }
}
