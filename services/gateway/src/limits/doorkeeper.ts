import { createHash } from 'node:crypto';
import { ENV, HttpRefusal, TokenVerifier, Unauthenticated, type Caller } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayEnv } from '../env.js';
import { RateLimiter, type Allowance } from './rate-limiter.js';

export class TooManyRequests extends HttpRefusal {
  constructor({ limit, resetSeconds }: Allowance) {
    super(
      429,
      'GATEWAY.TOO_MANY_REQUESTS',
      `more than ${limit} requests in a minute; try again in ${resetSeconds} s`,
      { limit, windowSeconds: 60, retryAfterSeconds: resetSeconds },
      { 'retry-after': String(resetSeconds) },
    );
  }
}

/**
 * Lets a request in: a valid token is asked for (the services check it again, and the role), then the account's share is
 * counted. Requests without one are counted by address, so that guessing tokens is slow.
 */
@Injectable()
export class Doorkeeper {
  constructor(
    @Inject(ENV) private readonly env: GatewayEnv,
    private readonly tokens: TokenVerifier,
    private readonly limiter: RateLimiter,
  ) {}

  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    let caller: Caller;
    try {
      caller = await this.tokens.callerOf(request.headers.authorization);
    } catch (error) {
      if (error instanceof Unauthenticated)
        await this.#count(`address:${request.ip}`, this.env.addressPerMinute, reply);
      throw error;
    }
    request.caller = caller;
    await this.#count(`subject:${digest(caller.subject)}`, this.env.subjectPerMinute, reply);
  }

  async #count(whom: string, limit: number, reply: FastifyReply): Promise<void> {
    const allowance = await this.limiter.take(whom, limit);
    if (allowance === undefined) return;
    void reply.headers({
      'ratelimit-limit': String(allowance.limit),
      'ratelimit-remaining': String(allowance.remaining),
      'ratelimit-reset': String(allowance.resetSeconds),
    });
    if (!allowance.allowed) throw new TooManyRequests(allowance);
  }
}

// A subject may have any form and length; a key should not, nor need Redis know accounts.
function digest(subject: string): string {
  return createHash('sha256').update(subject).digest('base64url').slice(0, 22);
}
