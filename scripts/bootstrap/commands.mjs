// Which file each npm script starts, and how much has to be there before.

/**
 * @typedef {object} Command
 * @property {'packages' | 'whole'} setUp `packages`: npm packages only, so that a server or a player needs no compiler;
 *   `whole`: system packages, native build and .NET restore as well.
 * @property {string} [entry] TypeScript file to run in the pinned Node; none = the set-up is all there is to do.
 */

/** @type {Record<string, Command>} */
export const commands = {
  setup: { setUp: 'whole' },
  demo: { setUp: 'whole', entry: 'samples/demo/main.ts' },
  test: { setUp: 'whole', entry: 'scripts/test.ts' },
  bench: { setUp: 'whole', entry: 'test/bench/main.ts' },
  lock: { setUp: 'packages', entry: 'scripts/lockFile.ts' },
  jest: { setUp: 'packages', entry: 'scripts/jest.ts' },
  check: { setUp: 'packages', entry: 'scripts/check.ts' },
  generate: { setUp: 'packages', entry: 'proto/generator/main.ts' },
  server: { setUp: 'packages', entry: 'server/signalling/main.ts' },
  daemon: { setUp: 'whole', entry: 'daemon/main.ts' },
  mosis: { setUp: 'packages', entry: 'daemon/cli/main.ts' },
};
