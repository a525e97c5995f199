// Suites written in TypeScript: Jest on one folder of test/, in the pinned Node.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, root } from '../bootstrap/paths.mjs';
import { tail, tryRun } from '../bootstrap/run.mjs';
import { runtimeEnvironment } from '../bootstrap/runtime.mjs';
import { crashed, resultFolder, type Suite, type SuiteOutcome } from './suite.ts';

/** The parts of Jest's `--json` report that we read. */
type JestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly status: string;
  }[];
};

/** What comes before Jest's own parameters: ES modules need the flag, and Node warns of it each time. */
export const jestCommandLine: readonly string[] = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
];

/**
 * Makes the suite of one folder.
 * @param name of the folder below test/
 * @param options `workers`: how many test files run at once; default 2
 */
export function jestSuite(name: string, options: { workers?: number } = {}): Suite {
  return {
    name,
    async run(filter, report): Promise<SuiteOutcome> {
      const folder = join(root, 'test', name);
      if (!existsSync(folder)) {
        return { kind: 'notThere', path: `test/${name}` };
      }
      mkdirSync(resultFolder, { recursive: true });
      const resultPath = join(resultFolder, `${name}.json`);
      rmSync(resultPath, { force: true });
      const { code, logPath } = await tryRun(
        pinnedNode,
        [
          ...jestCommandLine,
          ...['--json', `--outputFile=${resultPath}`, '--passWithNoTests', `--maxWorkers=${options.workers ?? 2}`],
          ...(filter.length > 0 ? filter.map((word) => `test/${name}/.*${word}`) : [`test/${name}/`]),
        ],
        { log: `test-${name}`, env: runtimeEnvironment(), onLine: report },
      );
      if (!existsSync(resultPath)) {
        return crashed(`Jest ended with code ${code} and left no result:\n${tail(logPath, 40)}`);
      }
      return read(JSON.parse(readFileSync(resultPath, 'utf8')) as JestReport);
    },
  };
}

function read(result: JestReport): SuiteOutcome {
  return {
    kind: 'ran',
    counts: {
      passed: result.numPassedTests,
      // A file that does not load holds no test that could fail.
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
    },
    failures: result.testResults
      .filter((file) => file.status === 'failed')
      .map((file) => `${file.name}\n${file.message}`),
  };
}
