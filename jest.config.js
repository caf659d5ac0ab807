// Jest projects. `npm test` runs them all; `npm test -- --selectProjects unit` runs one.
const swc = (syntax) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', tsx: syntax === 'tsx', decorators: syntax === 'ts' },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        react: { runtime: 'automatic' },
      },
    },
    module: { type: 'es6' },
  },
];

const common = {
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.ts$': swc('ts'), '\\.tsx$': swc('tsx') },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['hearth-source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/', '/\\.next/', '<rootDir>/data/'],
};

const project = (displayName, testMatch, more = {}) => ({
  ...common,
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
  ...more,
});

const withPostgres = {
  globalSetup: '<rootDir>/test/support/global-postgres.js',
  globalTeardown: '<rootDir>/test/support/global-postgres-stop.js',
};

export default {
  testTimeout: 20_000,
  // A process keeps what each of its test files loaded, and the last of three hundred would take ten times as long: it is
  // replaced by a new one from time to time.
  workerIdleMemoryLimit: '1GB',
  projects: [
    project('unit', [
      'libs/**/src/**/*.spec.ts',
      'apps/{api,cli}/src/**/*.spec.ts',
      'devices/simulator/src/**/*.spec.ts',
    ]),
    project('web', ['apps/web/{src,server}/**/*.spec.{ts,tsx}']),
    project('conformance', ['test/conformance/**/*.test.ts']),
    project('integration', ['test/integration/**/*.test.ts'], withPostgres),
    project('firmware', ['test/firmware/**/*.test.ts']),
    project('e2e', ['test/e2e/**/*.test.ts'], withPostgres),
  ],
};
