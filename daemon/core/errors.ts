// The one error class of the daemon; its codes come from the schema, so every language shares them.
import type { errorCode } from '../../proto/schema/shim/error.ts';
import type { Log } from './ports.ts';

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

/**
 * Runs what needs the disk, or another door to the outside, where no game waits for an answer. A failure is logged and gives
 * undefined, so that a full disk never ends the daemon; defects pass through.
 */
export function tolerated<T>(log: Log, what: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MosisError)) throw error;
    log.error(what, { code: error.code, error: error.message });
    return undefined;
  }
}
