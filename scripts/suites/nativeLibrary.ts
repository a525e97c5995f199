// How tests of the other languages find the native shim that was built in this tree.

import { nativeBuildFolder } from '../setup/nativeBuild.ts';

/**
 * The environment for a process that loads libmosis: its folder is first in the loader's path, and in
 * MOSIS_LIBRARY_FOLDER for those who load by path.
 */
export function nativeLibraryEnvironment(): NodeJS.ProcessEnv {
  const others = process.env.LD_LIBRARY_PATH;
  return {
    ...process.env,
    MOSIS_LIBRARY_FOLDER: nativeBuildFolder,
    LD_LIBRARY_PATH: others === undefined ? nativeBuildFolder : `${nativeBuildFolder}:${others}`,
  };
}
