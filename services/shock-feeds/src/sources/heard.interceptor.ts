import type { Clock } from '@fangpin/domain-kit';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';
import { channelOfPath } from './channels.js';
import { SourceLog } from './source-log.js';

/**
 * Marks the account of every post that an intake answered as heard; by path, so that intakes know nothing of it. A
 * replay is the operator's word, not the source's, and a refused post is no word at all.
 */
@Injectable()
export class HeardInterceptor implements NestInterceptor {
  constructor(
    private readonly log: SourceLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const channel = request.method === 'POST' ? channelOfPath.get(request.routeOptions.url ?? '') : undefined;
    const { caller } = request;
    if (channel === undefined || caller === undefined || isReplay(request)) return next.handle();
    return next
      .handle()
      .pipe(tap(() => this.log.heardFrom(`${caller.role}/${caller.subject}`, channel, this.clock.now())));
  }
}

function isReplay({ query, headers }: FastifyRequest): boolean {
  const asOf: unknown = typeof query === 'object' && query !== null && 'asOf' in query ? query.asOf : undefined;
  return Boolean(asOf ?? headers['x-fangpin-as-of']);
}
