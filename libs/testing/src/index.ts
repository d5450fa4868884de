export * from './shared-data.js';
export * from './tokens.js';
