// The C# binding's tests under .NET: `dotnet test` on each test project.

import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../bootstrap/paths.mjs';
import { tail, tryRun } from '../bootstrap/run.mjs';
import { dotnetMissing, hasDotnet } from '../setup/dotnetRestore.ts';
import { nativeLibraryEnvironment } from './nativeLibrary.ts';
import { type Counts, crashed, resultFolder, type Suite, type SuiteOutcome } from './suite.ts';
import { attributeNumber, decodeEntities, elements } from './xml.ts';

/** Projects in test/csharp, except the runner for Mono. */
export const csharpSuite: Suite = {
  name: 'csharp',
  async run(filter, report) {
    const projects = globSync('test/csharp/**/*.csproj', { cwd: root }).filter((path) => !path.includes('mono'));
    if (projects.length === 0) {
      return { kind: 'notThere', path: 'test/csharp' };
    }
    if (!hasDotnet()) {
      return { kind: 'toolMissing', text: dotnetMissing };
    }
    const total = { passed: 0, failed: 0, skipped: 0 };
    const failures: string[] = [];
    for (const project of projects) {
      const outcome = await runProject(project, filter, report);
      if (outcome.kind === 'ran') {
        total.passed += outcome.counts.passed;
        total.failed += outcome.counts.failed;
        total.skipped += outcome.counts.skipped;
        failures.push(...outcome.failures);
      }
    }
    return { kind: 'ran', counts: total, failures };
  },
};

async function runProject(
  project: string,
  filter: readonly string[],
  report: (line: string) => void,
): Promise<SuiteOutcome> {
  const name = basename(project, '.csproj');
  const resultPath = join(resultFolder, `${name}.trx`);
  rmSync(resultPath, { force: true });
  const { code, logPath } = await tryRun(
    'dotnet',
    [
      ...['test', join(root, project), '--nologo', '--logger', `trx;LogFileName=${resultPath}`],
      ...['--results-directory', resultFolder],
      ...['--blame-hang-timeout', '5m'],
      ...(filter.length > 0 ? ['--filter', filter.map((word) => `FullyQualifiedName~${word}`).join('|')] : []),
    ],
    { log: `test-${name}`, env: nativeLibraryEnvironment(), onLine: report },
  );
  if (!existsSync(resultPath)) {
    return crashed(`dotnet test ended with code ${code} and left no result:\n${tail(logPath, 40)}`);
  }
  return readTrx(readFileSync(resultPath, 'utf8'), code);
}

/** Visual Studio's result format; skipped tests count in `total` but not in `executed`. */
function readTrx(xml: string, code: number): SuiteOutcome {
  const counter = (attribute: string): number => attributeNumber(xml, 'Counters', attribute);
  const counts: Counts = {
    passed: counter('passed'),
    // A run that broke off (a crash, a hang) can leave a file without a failed test.
    failed: counter('executed') - counter('passed') || (code === 0 ? 0 : 1),
    skipped: counter('total') - counter('executed'),
  };
  const failures = elements(xml, 'UnitTestResult')
    .filter((result) => result.includes('outcome="Failed"'))
    .map((result) => {
      const test = /testName="([^"]*)"/.exec(result)?.[1] ?? '';
      const message = elements(result, 'Message')[0]?.replace(/<\/?Message>/g, '') ?? '';
      const trace = elements(result, 'StackTrace')[0]?.replace(/<\/?StackTrace>/g, '') ?? '';
      return decodeEntities(`${test}\n${message}\n${trace}`);
    });
  return { kind: 'ran', counts, failures };
}
