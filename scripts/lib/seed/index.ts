/** Made-up households for demos, tests and benches. */
export { makeHouseholds, planSeed, type SeedPlan, type SeedSettings } from './generate.ts';
export { lastFullMonth } from './last-full-month.ts';
export { loadPlan, type SeedTarget, type SeedTotals } from './load-plan.ts';
