import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS_METADATA, type AccessRule } from './access.decorators.js';
import { RoleRefused } from './access.errors.js';
import { TokenVerifier } from './token-verifier.js';

/** Signs the caller in and holds every handler to its {@link Access} rule. Runs before the body is validated. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_METADATA, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.tokens.callerOf(request.headers.authorization);
    // The audit at boot makes a route without a rule impossible; should one slip through, nobody may use it.
    if (!rule?.includes(caller.role)) throw new RoleRefused(caller.role, rule ?? []);
    request.caller = caller;
    return true;
  }
}
