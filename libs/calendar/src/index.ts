export { readLocalDays, type LocalDays } from './local-days.js';
export * from './working-calendar.js';
