// The C# binding under Mono, Unity's kind of runtime: the same netstandard2.1 library, loaded by a small runner.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder, root } from '../bootstrap/paths.mjs';
import { tail, tryRun } from '../bootstrap/run.mjs';
import { dotnetMissing, hasDotnet } from '../setup/dotnetRestore.ts';
import { readClosingLine } from './closingLine.ts';
import { nativeLibraryEnvironment } from './nativeLibrary.ts';
import { crashed, type Suite } from './suite.ts';

/** The runner's project is test/csharp/mono/NAME.csproj; it gets the filter words and prints a closing line (closingLine.ts). */
export const monoSuite: Suite = {
  name: 'mono',
  async run(filter, report) {
    const project = globSync('test/csharp/mono/*.csproj', { cwd: root })[0];
    if (project === undefined) {
      return { kind: 'notThere', path: 'test/csharp/mono' };
    }
    if (!hasDotnet()) {
      return { kind: 'toolMissing', text: dotnetMissing };
    }
    const folder = join(cacheFolder, 'mono');
    const build = await tryRun('dotnet', ['build', join(root, project), '--nologo', '--output', folder], {
      log: 'test-mono-build',
      onLine: report,
    });
    if (build.code !== 0) {
      return crashed(`The runner for Mono does not build:\n${tail(build.logPath, 40)}`);
    }
    const name = assemblyName(project);
    const program = ['exe', 'dll'].map((ending) => join(folder, `${name}.${ending}`)).find((path) => existsSync(path));
    if (program === undefined) {
      return crashed(`The build left neither ${name}.exe nor ${name}.dll in ${folder}: check its AssemblyName.`);
    }
    const { code, logPath } = await tryRun('mono', ['--debug', program, ...filter], {
      log: 'test-mono',
      env: nativeLibraryEnvironment(),
      timeoutMs: 5 * 60_000,
      onLine: report,
    });
    if (code === 127) {
      return { kind: 'toolMissing', text: 'no mono on the PATH: install Mono 6.8 or newer' };
    }
    return readClosingLine(logPath, code);
  },
};

function assemblyName(project: string): string {
  const named = /<AssemblyName>([^<]+)</.exec(readFileSync(join(root, project), 'utf8'))?.[1];
  return named ?? basename(project, '.csproj');
}
