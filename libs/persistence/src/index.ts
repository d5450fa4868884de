export * from './array-literal.js';
export * from './copy.js';
export { CopyReader, CopyRow } from './copy-reader.js';
export { CopyWriter, rowTemplate, type RowTemplate } from './copy-writer.js';
export * from './data-source.js';
export * from './database.js';
export * from './joining-sets.js';
export * from './migrate.js';
export * from './scope.js';
