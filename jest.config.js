import { readFileSync } from 'node:fs';

// The builds' own settings, except that specs are left out of builds and not of tests.
const {
  exclude: _specs,
  $schema: _schema,
  ...compiler
} = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

/** One configuration for every project: ESM through SWC, sources instead of builds. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{libs,services,scripts,test}/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...compiler, swcrc: false }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  setupFiles: ['<rootDir>/jest.setup.js'],
  testTimeout: 120_000,
  maxWorkers: 2,
  // ES modules of a suite stay in its worker's heap; some three hundred suites fill it.
  workerIdleMemoryLimit: '1500MB',
};
