// The part of the set-up that needs TypeScript: builds the native shim and restores the .NET packages.
// Started by bootstrap.mjs, after the system and npm packages are there.

import { Progress } from './bootstrap/progress.mjs';
import { restoreDotnet } from './setup/dotnetRestore.ts';
import { buildNative } from './setup/nativeBuild.ts';

const progress = new Progress({ quiet: process.argv.includes('--quiet') });

try {
  await buildNative(progress);
  await restoreDotnet(progress);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
