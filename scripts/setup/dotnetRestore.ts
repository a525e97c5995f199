// Restores the NuGet packages of the C# binding's tests.

import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, root } from '../bootstrap/paths.mjs';
import type { Progress } from '../bootstrap/progress.mjs';
import { run } from '../bootstrap/run.mjs';
import { isDone, markDone, stampOf } from './stamp.ts';

/** Folder of the C# tests; `dotnet` is started here. */
export const csharpTestFolder = join(root, 'test', 'csharp');

/** What people read when there is no .NET. */
export const dotnetMissing = 'no dotnet on the PATH: install the .NET SDK 10 to build and test the C# binding';

/** Whether the .NET SDK can be started. */
export function hasDotnet(): boolean {
  return spawnSync('dotnet', ['--version'], { stdio: 'ignore', cwd: root }).status === 0;
}

/**
 * Restores the packages of every project that the tests build, unless their project files are as they were.
 * @throws when the restore fails, or in continuous integration when there is no .NET
 */
export async function restoreDotnet(progress: Progress): Promise<void> {
  const projects = globSync('{bindings,test,samples}/**/*.csproj', { cwd: root });
  const tests = projects.filter((path) => path.startsWith(join('test', 'csharp')));
  if (tests.length === 0) {
    progress.leftOut('.NET packages', 'no project in test/csharp in this tree');
    return;
  }
  const settings = ['Directory.Build.props', 'Directory.Packages.props', 'NuGet.config', 'global.json'];
  const stamp = stampOf(
    'dotnet-restore',
    [...projects, ...settings].map((path) => join(root, path)),
    [root],
  );
  if (isDone(stamp) && existsSync(join(cacheFolder, 'dotnet', 'obj'))) {
    progress.upToDate('.NET packages');
    return;
  }
  if (!hasDotnet()) {
    if (process.env.CI === 'true') {
      throw new Error(dotnetMissing);
    }
    progress.leftOut('.NET packages', dotnetMissing);
    return;
  }
  await progress.step('.NET packages', async (report) => {
    for (const project of tests) {
      await run('dotnet', ['restore', join(root, project)], { log: 'dotnet-restore', onLine: report });
    }
  });
  markDone(stamp);
}
