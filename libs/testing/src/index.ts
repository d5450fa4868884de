export * from './older-database.js';
export * from './shared-data.js';
export * from './tokens.js';
export * from './test-bus.js';
export * from './test-database.js';
export * from './test-servers.js';
export * from './scope-suite.js';
