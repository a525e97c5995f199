// All suites of `npm test`, in the order in which they run: the quickest answer first.

import { csharpSuite } from './csharp.ts';
import { jestSuite } from './jest.ts';
import { luaSuite } from './lua.ts';
import { monoSuite } from './mono.ts';
import { nativeSuite } from './native.ts';
import type { Suite } from './suite.ts';

/** Every suite; add a line here to plug one in. */
export const allSuites: readonly Suite[] = [
  jestSuite('unit'),
  jestSuite('protocol'),
  nativeSuite,
  luaSuite,
  csharpSuite,
  monoSuite,
  // One worker: these tests start processes and measure how they behave in time.
  jestSuite('integration', { workers: 1 }),
];
