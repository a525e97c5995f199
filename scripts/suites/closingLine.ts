// Runners that have no result format of their own close with one line, in either form:
//   {"passed":3,"failed":1,"skipped":0,"failures":["name: what happened"]}
//   3 passed, 1 failed, 0 skipped

import { readFileSync } from 'node:fs';
import { tail } from '../bootstrap/run.mjs';
import { crashed, type SuiteOutcome } from './suite.ts';

type Result = { passed: number; failed: number; skipped: number; failures?: string[] };

/**
 * Reads the last closing line of a log.
 * @param logPath the runner's whole output
 * @param code the runner's exit code; a non-zero one without a failed test counts as one failure
 */
export function readClosingLine(logPath: string, code: number): SuiteOutcome {
  const result = readFileSync(logPath, 'utf8')
    .split('\n')
    .map((line) => parsePlain(line) ?? parseJson(line))
    .findLast((found) => found !== undefined);
  if (result === undefined) {
    return crashed(`The runner ended with code ${code} and printed no result:\n${tail(logPath, 40)}`);
  }
  const { passed, failed, skipped } = result;
  if (code !== 0 && failed === 0) {
    const failures = [`The runner ended with code ${code}:\n${tail(logPath, 40)}`];
    return { kind: 'ran', counts: { passed, failed: 1, skipped }, failures };
  }
  const failures = result.failures ?? (failed > 0 ? [tail(logPath, 60)] : []);
  return { kind: 'ran', counts: { passed, failed, skipped }, failures };
}

function parsePlain(line: string): Result | undefined {
  const [, passed, failed, skipped] = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/.exec(line) ?? [];
  return passed === undefined
    ? undefined
    : { passed: Number(passed), failed: Number(failed), skipped: Number(skipped ?? 0) };
}

function parseJson(line: string): Result | undefined {
  if (!line.startsWith('{"')) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(line);
    return isResult(value) ? value : undefined;
  } catch {
    return undefined; // Cut off in the middle: the caller shows the output instead.
  }
}

function isResult(value: unknown): value is Result {
  const numbers = ['passed', 'failed', 'skipped'];
  return (
    typeof value === 'object' &&
    value !== null &&
    numbers.every((name) => Number.isInteger((value as Record<string, unknown>)[name]))
  );
}
