// How Jest reads the TypeScript tree: as ES modules, with types stripped by swc, in the pinned Node (started by scripts/suites/jest.ts).

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/bindings/.*/(bin|obj)/'],
  cacheDirectory: '<rootDir>/.cache/jest',
  // Two cores are what every machine of ours has; more workers would only make timings worse.
  maxWorkers: 2,
  testTimeout: 20_000,
};
