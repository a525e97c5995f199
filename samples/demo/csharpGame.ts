// Builds the C# game; a machine without the .NET SDK shows the demo with a second C++ game.
import path from 'node:path';
import process from 'node:process';
import { root } from '../../scripts/bootstrap/paths.mjs';
import { run } from '../../scripts/bootstrap/run.mjs';
import { dotnetMissing, hasDotnet } from '../../scripts/setup/dotnetRestore.ts';
import { tell } from './timeline.ts';

/** The command that starts it, or undefined without .NET (an error in CI). */
export async function buildChatCsharp(
  environment: Readonly<Record<string, string | undefined>>,
  nativeFolder: string,
): Promise<[string, ...string[]] | undefined> {
  if (!hasDotnet()) {
    if (process.env.CI === 'true') throw new Error(dotnetMissing);
    tell('demo', `${dotnetMissing}; bob is a second C++ game`);
    return undefined;
  }
  const output = path.join(root, '.cache', 'demo', 'chat-csharp');
  tell('demo', 'building the C# game …');
  await run(
    'dotnet',
    ['build', path.join(root, 'samples/chat-csharp'), '--nologo', '--configuration', 'Release', '--output', output],
    {
      log: 'demo-chat-csharp',
      env: { ...environment, MOSIS_NATIVE: nativeFolder },
    },
  );
  return ['dotnet', path.join(output, 'chat-csharp.dll')];
}
