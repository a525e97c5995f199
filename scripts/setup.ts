// The part of the set-up that needs TypeScript: builds the native shim and restores the .NET packages.
// Started by bootstrap.mjs, after the system and npm packages are there.

import { Progress } from './bootstrap/progress.mjs';
import { restoreDotnet } from './setup/dotnetRestore.ts';
import { buildNative } from './setup/nativeBuild.ts';

const progress = new Progress({ quiet: process.argv.includes('--quiet') });

// A step that fails does not keep the next from running: one look shows all that is wrong.
for (const step of [buildNative, restoreDotnet]) {
  try {
    await step(progress);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
