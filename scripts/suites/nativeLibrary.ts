// How tests of the other languages find the native shim that was built in this tree.

import { join } from 'node:path';
import { nativeBuildFolder } from '../setup/nativeBuild.ts';

const fileNames: Partial<Record<NodeJS.Platform, string>> = { win32: 'mosis.dll', darwin: 'libmosis.dylib' };

/**
 * The environment for a process that loads libmosis: MOSIS_LIBRARY is its path, and its folder is first in the
 * loader's own list.
 */
export function nativeLibraryEnvironment(): NodeJS.ProcessEnv {
  const others = process.env.LD_LIBRARY_PATH;
  return {
    ...process.env,
    MOSIS_LIBRARY: join(nativeBuildFolder, fileNames[process.platform] ?? 'libmosis.so'),
    LD_LIBRARY_PATH: others === undefined ? nativeBuildFolder : `${nativeBuildFolder}:${others}`,
  };
}
