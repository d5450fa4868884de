import { readdirSync } from 'node:fs';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What a project of each kind may import. Services never import services, libs never import services. */
const depConstraints = [
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:lib', 'type:domain-kit'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'type:domain-kit'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: ['type:lib', 'type:domain-kit'] },
  { sourceTag: 'type:domain-kit', onlyDependOnLibsWithTags: [], bannedExternalImports: ['*'] },
];

/** Tests may reach for the harness besides. */
const testConstraints = depConstraints.map((constraint) =>
  constraint.sourceTag === 'type:domain-kit'
    ? {
        sourceTag: 'type:domain-kit',
        onlyDependOnLibsWithTags: [],
        allowedExternalImports: ['@jest/globals', 'fast-check'],
      }
    : { ...constraint, onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'type:testing'] },
);

const boundaries = (constraints, ignoredCircularDependencies = []) => [
  'error',
  { enforceBuildableLibDependency: true, allow: [], depConstraints: constraints, ignoredCircularDependencies },
];

/** The harness is built from the libs whose tests use it; that circle is none at run time. */
const harnessCircles = ['libs', 'services'].flatMap((kind) =>
  readdirSync(new URL(`./${kind}`, import.meta.url))
    .filter((name) => name !== 'testing')
    .map((name) => [`@fangpin/${name}`, '@fangpin/testing']),
);

const kafkajsStaysInside = {
  name: 'kafkajs',
  message: 'kafkajs stands behind the port of libs/messaging (docs/adr); import @fangpin/messaging.',
};

const doorsOfPackages = [
  {
    regex: `^@fangpin/(${readdirSync(new URL('./services', import.meta.url)).join('|')})(/|$)`,
    message: 'A service is reached over its topics and its HTTP paths, never imported.',
  },
  { regex: '^@fangpin/[^/]+/', message: 'A library is imported by its name alone: its index.ts is its public face.' },
];

const tests = ['**/*.spec.ts', '**/test/**/*.ts'];

export default tseslint.config(
  {
    ignores: ['**/dist/**', '**/gen/**', '**/node_modules/**', '.nx/**', '.fangpin/**', 'coverage/**', '**/target/**'],
  },
  // A rule that is wrong is changed here, with its reason, and not switched off line by line.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs,ts}'],
    extends: [...tseslint.configs.recommended, prettier],
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          varsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          ignoreRestSiblings: true,
        },
      ],
      'max-lines': ['warn', { max: 400 }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      eqeqeq: ['error', 'always'],
      'no-throw-literal': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      // The one family of typed rules that pays for its seconds: a promise nobody awaits is a lost message.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      // Nest hands out classes as Function (metatype, context.getClass()); there is no narrower name for them.
      '@typescript-eslint/no-unsafe-function-type': 'off',
    },
  },
  {
    files: ['libs/**/*.ts', 'services/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only src/env.ts reads the environment; take the value as an argument.',
        },
      ],
      'no-restricted-imports': ['error', { paths: [kafkajsStaysInside], patterns: doorsOfPackages }],
    },
  },
  {
    files: tests.flatMap((pattern) => [`libs/${pattern}`, `services/${pattern}`]),
    rules: { '@nx/enforce-module-boundaries': boundaries(testConstraints, harnessCircles) },
  },
  { files: ['services/*/src/env.ts', 'libs/testing/**/*.ts', ...tests], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['libs/messaging/src/kafkajs/**/*.ts', 'libs/messaging/test/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: doorsOfPackages }] },
  },
);
