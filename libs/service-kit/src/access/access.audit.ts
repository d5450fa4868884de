import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS_METADATA } from './access.decorators.js';

/** Stops the boot when a route says nothing about who may call it: forgetting must not mean "everybody". */
@Injectable()
export class AccessAudit implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const silent = this.discovery.getControllers().flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, Function>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((name) => Reflect.hasMetadata(PATH_METADATA, prototype[name] as object))
        .filter(
          (name) =>
            this.reflector.getAllAndOverride(ACCESS_METADATA, [prototype[name] as Function, metatype]) === undefined,
        )
        .map((name) => `${metatype.name}.${name}`);
    });
    if (silent.length > 0) throw new Error(`routes without @Access or @Public: ${silent.join(', ')}`);
  }
}
