// What a test suite is for `npm test`: something that runs and counts. One file per suite, listed in all.ts.

import { join } from 'node:path';
import { cacheFolder } from '../bootstrap/paths.mjs';

/** How many tests passed, failed, were skipped. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** What a suite found. */
export type SuiteOutcome =
  /** It ran; `failures` says what failed, ready to print. */
  | { readonly kind: 'ran'; readonly counts: Counts; readonly failures: readonly string[] }
  /** Its folder is not in this tree. */
  | { readonly kind: 'notThere'; readonly path: string }
  /** A tool is not on this machine; `text` names it and says what to install. */
  | { readonly kind: 'toolMissing'; readonly text: string };

/** One suite. */
export type Suite = {
  /** Short name: first column of the table and parameter of `npm test -- NAME`. */
  readonly name: string;
  /**
   * Runs all tests of the suite.
   * @param filter run only the tests whose path or name contains one of these words; none = all
   * @param report shows a line of progress
   */
  run(filter: readonly string[], report: (line: string) => void): Promise<SuiteOutcome>;
};

/** Where suites put machine-readable results. */
export const resultFolder: string = join(cacheFolder, 'test');

/** The outcome of a suite whose run ended without a result that can be read. */
export function crashed(text: string): SuiteOutcome {
  return { kind: 'ran', counts: { passed: 0, failed: 1, skipped: 0 }, failures: [text] };
}
