// The Lua binding's tests, run by LuaJIT.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/paths.mjs';
import { tryRun } from '../bootstrap/run.mjs';
import { readClosingLine } from './closingLine.ts';
import { nativeLibraryEnvironment } from './nativeLibrary.ts';
import type { Suite } from './suite.ts';

/** Tests started by test/lua/run.lua, which gets the filter words as parameters and prints a closing line (closingLine.ts). */
export const luaSuite: Suite = {
  name: 'lua',
  async run(filter, report) {
    const runner = join('test', 'lua', 'run.lua');
    if (!existsSync(join(root, runner))) {
      return { kind: 'notThere', path: 'test/lua/run.lua' };
    }
    const { code, logPath } = await tryRun('luajit', [runner, ...filter], {
      log: 'test-lua',
      env: nativeLibraryEnvironment(),
      timeoutMs: 5 * 60_000,
      onLine: report,
    });
    if (code === 127) {
      return { kind: 'toolMissing', text: 'no luajit on the PATH: install LuaJIT 2.1' };
    }
    return readClosingLine(logPath, code);
  },
};
