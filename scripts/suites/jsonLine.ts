// Runners that have no result format of their own print one JSON line at the end:
// {"passed":3,"failed":1,"skipped":0,"failures":["name: what happened"]}

import { readFileSync } from 'node:fs';
import { tail } from '../bootstrap/run.mjs';
import { crashed, type SuiteOutcome } from './suite.ts';

/**
 * Reads the last JSON line of a log.
 * @param logPath the runner's whole output
 * @param code the runner's exit code; a non-zero one without a failed test counts as one failure
 */
export function readJsonLine(logPath: string, code: number): SuiteOutcome {
  const line = readFileSync(logPath, 'utf8')
    .split('\n')
    .findLast((text) => text.startsWith('{"'));
  const result: unknown = line === undefined ? undefined : parse(line);
  if (!isResult(result)) {
    return crashed(`The runner ended with code ${code} and printed no result:\n${tail(logPath, 40)}`);
  }
  const { passed, failed, skipped } = result;
  if (code !== 0 && failed === 0) {
    return {
      kind: 'ran',
      counts: { passed, failed: 1, skipped },
      failures: [`The runner ended with code ${code}:\n${tail(logPath, 40)}`],
    };
  }
  return { kind: 'ran', counts: { passed, failed, skipped }, failures: result.failures ?? [] };
}

type Result = { passed: number; failed: number; skipped: number; failures?: string[] };

function isResult(value: unknown): value is Result {
  const numbers = ['passed', 'failed', 'skipped'];
  return (
    typeof value === 'object' &&
    value !== null &&
    numbers.every((name) => Number.isInteger((value as Record<string, unknown>)[name]))
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // Cut off in the middle: the caller shows the output instead.
  }
}
