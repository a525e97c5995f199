// `npm test [-- SUITE... [WORD...]]`: runs the suites and counts. The set-up has run before (bootstrap.mjs).
// Parameters that name suites choose them; other words choose tests within.

import { formatDuration, Progress, paint } from './bootstrap/progress.mjs';
import { allSuites } from './suites/all.ts';
import type { Counts, Suite, SuiteOutcome } from './suites/suite.ts';

type Row = { readonly name: string; readonly counts: Counts; readonly durationMs: number; readonly remark: string };

const continuousIntegration = process.env.CI === 'true';
const progress = new Progress({ quiet: false });

const parameters = process.argv.slice(2);
const chosen = allSuites.filter((suite) => parameters.includes(suite.name));
const filter = parameters.filter((word) => !allSuites.some((suite) => suite.name === word));

const rows: Row[] = [];
if (process.env.MOSIS_SETUP_FAILED === '1') {
  rows.push({ name: 'set-up', counts: { passed: 0, failed: 1, skipped: 0 }, durationMs: 0, remark: 'see above' });
}
for (const suite of chosen.length > 0 ? chosen : allSuites) {
  rows.push(await runSuite(suite));
}
printTable(rows);

const sum = (pick: (counts: Counts) => number): number => rows.reduce((total, row) => total + pick(row.counts), 0);
const failed = sum((counts) => counts.failed);
console.log(`\n${sum((counts) => counts.passed)} passed, ${failed} failed, ${sum((counts) => counts.skipped)} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

async function runSuite(suite: Suite): Promise<Row> {
  const startedMs = performance.now();
  const outcome = await progress.step(
    `tests: ${suite.name}`,
    (report) => suite.run(filter, report),
    (result) => judge(result).counts.failed === 0,
  );
  if (outcome.kind === 'ran') {
    for (const failure of outcome.failures) {
      console.log(`\n${paint('red', '✗')} ${failure}`);
    }
  }
  const { counts, remark } = judge(outcome);
  return { name: suite.name, counts, remark, durationMs: performance.now() - startedMs };
}

/** In continuous integration, a suite that did not run is a failure: a green result must mean that all was tested. */
function judge(outcome: SuiteOutcome): { counts: Counts; remark: string } {
  const nothing = { passed: 0, failed: continuousIntegration ? 1 : 0, skipped: 0 };
  switch (outcome.kind) {
    case 'notThere':
      return { counts: nothing, remark: `not there: ${outcome.path}` };
    case 'toolMissing':
      return { counts: nothing, remark: outcome.text };
    case 'ran': {
      const { passed, failed: failures, skipped } = outcome.counts;
      if (passed + failures + skipped === 0 && filter.length === 0) {
        return { counts: nothing, remark: 'ran no test' };
      }
      return { counts: outcome.counts, remark: '' };
    }
    default:
      return outcome satisfies never;
  }
}

function printTable(all: readonly Row[]): void {
  const cells = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(14) : cell.padStart(9))).join('');
  console.log(`\n${cells(['suite', 'passed', 'failed', 'skipped', 'time'])}`);
  for (const row of all) {
    const { passed, failed: failures, skipped } = row.counts;
    const numbers = [passed, failures, skipped].map(String);
    console.log(`${cells([row.name, ...numbers, formatDuration(row.durationMs)])}  ${row.remark}`.trimEnd());
  }
}
