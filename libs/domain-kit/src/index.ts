export * from './area-code.js';
export * from './clock.js';
export * from './domain-error.js';
export * from './ids.js';
export * from './lifecycle.js';
export * from './money.js';
export * from './revision.js';
export * from './roles.js';
