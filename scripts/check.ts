// `npm run check`: everything that can be said about a change in under a minute.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, root } from './bootstrap/paths.mjs';
import { Progress } from './bootstrap/progress.mjs';
import { tail, tryRun } from './bootstrap/run.mjs';
import { runtimeEnvironment } from './bootstrap/runtime.mjs';
import { findImpureCalls } from './check/purity.ts';
import { lockFileFault } from './lockFile.ts';
import { jestSuite } from './suites/jest.ts';

const progress = new Progress({ quiet: false });
const failures: string[] = [];

await tool('format and lint', join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'), [
  'check',
  '--max-diagnostics=200',
]);
await tool('types and imports', join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ['--build']);
await step('lock file', async () => lockFileFault());
await step('no clock, no chance', async () => findImpureCalls().join('\n'));
if (existsSync(join(root, 'proto', 'generator', 'main.ts'))) {
  await tool('generated files', join(root, 'proto', 'generator', 'main.ts'), ['--check']);
}
await step('unit tests', async (report) => {
  const outcome = await jestSuite('unit').run([], report);
  return outcome.kind === 'ran' ? outcome.failures.join('\n') : '';
});

for (const failure of failures) {
  console.log(`\n${failure}`);
}
process.exitCode = failures.length === 0 ? 0 : 1;

/** Runs a check that ends with code 0 when all is well. */
async function tool(name: string, file: string, parameters: string[]): Promise<void> {
  await step(name, async (report) => {
    const { code, logPath } = await tryRun(pinnedNode, [file, ...parameters], {
      log: `check-${name.replaceAll(/\W+/g, '-')}`,
      env: runtimeEnvironment(),
      onLine: report,
    });
    return code === 0 ? '' : tail(logPath, 200);
  });
}

/** Runs a check that gives what is wrong, or an empty text; the other checks run all the same. */
async function step(name: string, check: (report: (line: string) => void) => Promise<string>): Promise<void> {
  try {
    await progress.step(name, async (report) => {
      const wrong = await check(report);
      if (wrong !== '') {
        throw new Error(wrong);
      }
    });
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
}
