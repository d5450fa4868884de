export * from './change-policy.js';
export * from './levels.js';
export * from './load-policy.js';
export * from './policy-record.js';
export * from './policy-set.js';
export * from './validate.js';
export * from './values.js';
export * from './under-policy.js';
