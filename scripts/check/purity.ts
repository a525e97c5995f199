// Finds calls that the compiler and the linter cannot forbid in code that must decide the same thing every time.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/paths.mjs';

/** Folders whose code gets time, chance and identifiers as arguments. */
const pureFolders = '{daemon/core,proto/schema,proto/runtime}';
const impure = /\bMath\.random\b|\bnew Date\(\)|\bDate\.now\b|\bglobalThis\b/;

/** One line per finding: `path:line: what`. */
export function findImpureCalls(): string[] {
  return globSync(`${pureFolders}/**/*.ts`, { cwd: root }).flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .map((text, index) => ({ text, number: index + 1 }))
      .filter(({ text }) => impure.test(text) && !/^\s*(\/\/|\*|\/\*)/.test(text))
      .map(({ text, number }) => `${path}:${number}: ${text.trim()} (core gets time and chance as arguments)`),
  );
}
