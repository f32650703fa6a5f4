/** What both projects share. */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'esnext', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist'],
};

/** @type {import('jest').Config} */
export default {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: [
        '<rootDir>/test/integration/',
        '<rootDir>/test/addons/',
        '<rootDir>/test/deploy/chart.test.ts',
        '<rootDir>/test/docs/(commands|yaml).test.ts',
      ],
    },
    {
      ...common,
      displayName: 'integration',
      testMatch: [
        '<rootDir>/test/{integration,addons}/**/*.test.ts',
        '<rootDir>/test/deploy/chart.test.ts',
        '<rootDir>/test/docs/{commands,yaml}.test.ts',
      ],
      globalSetup: '<rootDir>/test/integration/build-cluster.ts',
    },
  ],
  testTimeout: 120_000,
  maxWorkers: 2,
};
