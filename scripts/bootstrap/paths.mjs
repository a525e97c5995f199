// Where things are in this tree.

import { join, resolve } from 'node:path';

/** The folder of the checkout. */
export const root = resolve(import.meta.dirname, '..', '..');

/** Everything that can be made again: compile caches, native build, logs, test results. */
export const cacheFolder = join(root, '.cache');

/** The Node that all TypeScript runs in; its version is pinned by the npm package `node`. */
export const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
