// Configures and builds the native shim and its tests with the CMake preset `dev`.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/paths.mjs';
import type { Progress } from '../bootstrap/progress.mjs';
import { run } from '../bootstrap/run.mjs';
import { isDone, markDone, stampOf } from './stamp.ts';

/** Folder of the CMake project. */
export const nativeFolder = join(root, 'bindings', 'native');

/** Where the preset `dev` puts its build: `binaryDir` in bindings/native/CMakePresets.json. */
export const nativeBuildFolder: string = join(nativeFolder, 'build', 'dev');

/**
 * Brings the native build up to date. Ninja itself knows what is stale, so it is asked every time.
 * @throws when CMake or the compiler fails, with the end of its output
 */
export async function buildNative(progress: Progress): Promise<void> {
  if (!existsSync(join(nativeFolder, 'CMakeLists.txt'))) {
    progress.leftOut('native build', 'no bindings/native/CMakeLists.txt in this tree');
    return;
  }
  const presets = join(nativeFolder, 'CMakePresets.json');
  const configured = stampOf('native-configure', [presets], [root]);
  if (!isDone(configured) || !existsSync(join(nativeBuildFolder, 'CMakeCache.txt'))) {
    await progress.step('native configure', async (report) => {
      await run('cmake', ['--preset', 'dev'], { log: 'cmake-configure', cwd: nativeFolder, onLine: report });
      if (!existsSync(join(nativeBuildFolder, 'CMakeCache.txt'))) {
        throw new Error(`The preset 'dev' did not build in ${nativeBuildFolder}: check binaryDir in ${presets}.`);
      }
    });
    markDone(configured);
  }
  await progress.step('native build', async (report) => {
    await run('cmake', ['--build', '--preset', 'dev'], { log: 'cmake-build', cwd: nativeFolder, onLine: report });
  });
}
