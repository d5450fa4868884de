import type { DiscoveryService, Reflector } from '@nestjs/core';

/** Every provider whose class carries the metadata, each instance once. */
export function instancesWith<T>(discovery: DiscoveryService, reflector: Reflector, metadata: string): T[] {
  const found = discovery
    .getProviders()
    .filter(({ metatype, instance }) => typeof metatype === 'function' && instance !== undefined && instance !== null)
    .filter(({ metatype }) => reflector.get<boolean | undefined>(metadata, metatype as Function) === true)
    .map(({ instance }) => instance as T);
  return [...new Set(found)];
}
