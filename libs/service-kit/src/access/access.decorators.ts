import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Unauthenticated } from './access.errors.js';
import type { Caller, Role } from './roles.js';

export const ACCESS_METADATA = 'fangpin:access';
/** OpenAPI extension that carries the rule to the document, where it becomes `security` and `x-roles`. */
export const ACCESS_EXTENSION = 'x-access';
export type AccessRule = 'public' | readonly Role[];

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
  }
}

/**
 * Who may call a handler, or every handler of a controller (the handler's own word counts). Others get 403 `ACCESS.ROLE`.
 * A route with neither this nor {@link Public} stops the boot. The roles also stand in the OpenAPI document (`x-roles`).
 */
export function Access(...allowed: Role[]): ClassDecorator & MethodDecorator {
  return ruled(allowed);
}

/** Open to anybody, without a token. */
export function Public(): ClassDecorator & MethodDecorator {
  return ruled('public');
}

function ruled(rule: AccessRule): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS_METADATA, rule), ApiExtension(ACCESS_EXTENSION, rule));
}

/** The caller of a handler that is not public. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller === undefined) throw new Unauthenticated('this route has no signed-in caller');
  return caller;
});
