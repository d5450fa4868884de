import { existsSync, readdirSync } from 'node:fs';
import { inRepository } from '../paths.ts';

/** The services in the order they are listed and numbered; the gateway needs the others and comes last. */
export const serviceNames = [
  'household-registry',
  'income-monitoring',
  'shock-feeds',
  'risk-alerts',
  'assistance-cases',
  'intake',
  'gateway',
] as const;

export type ServiceName = (typeof serviceNames)[number];

/** Where `npm run up` puts each service on 127.0.0.1. */
export const upServicePorts: Record<ServiceName, number> = {
  gateway: 3100,
  'household-registry': 3101,
  'income-monitoring': 3102,
  'shock-feeds': 3103,
  'risk-alerts': 3104,
  'assistance-cases': 3105,
  intake: 3106,
};

/** Services with a second role that writes in bulk past row-level security (architecture §6). */
export const bulkWriters: readonly ServiceName[] = ['risk-alerts', 'assistance-cases'];

/** The folder of a service's SQL migrations; undefined when it owns no tables. */
export function migrationsOf(service: ServiceName): string | undefined {
  const folder = inRepository('services', service, 'migrations');
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.sql')) ? folder : undefined;
}

/** The compiled entry of a service. */
export function entryOf(service: ServiceName): string {
  return inRepository('services', service, 'dist', 'main.js');
}
