// `npm run jest -- PATTERN...`: Jest itself in the foreground, for work on single test files.

import { spawnSync } from 'node:child_process';
import { pinnedNode, root } from './bootstrap/paths.mjs';
import { runtimeEnvironment } from './bootstrap/runtime.mjs';
import { jestCommandLine } from './suites/jest.ts';

const result = spawnSync(pinnedNode, [...jestCommandLine, ...process.argv.slice(2)], {
  cwd: root,
  env: runtimeEnvironment(),
  stdio: 'inherit',
});
process.exitCode = result.status ?? 1;
