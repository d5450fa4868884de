import { Readable } from 'node:stream';
import { Access, CurrentCaller, PathUuid, roles, type Caller } from '@fangpin/service-kit';
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { isSettled, ledgerEvents, settledEventId } from './ledger-events.js';
import { LedgerReadings } from './ledger-readings.js';
import { letGoAfter } from './let-go.js';
import { Listeners } from './listeners.js';

@ApiTags('fan-out')
@ApiBearerAuth()
@Controller('v1/shocks/:shockId/fan-out/events')
export class LiveLedgerController {
  constructor(
    private readonly readings: LedgerReadings,
    private readonly listeners: Listeners,
  ) {}

  /**
   * The ledger of one shock as it changes, within the caller's area, as server-sent events: `ledger` at once and on each
   * change (at most two a second), `settled` at the end. `data` is what `…/fan-out` answers, with `townshipsAre`: `all`, or
   * only those `changed` since the event before. A client that comes again after `settled` gets 204, which ends it, unless a
   * household was looked at again meanwhile and the figures are others; before that
   * the stream ends after a quarter of an hour, or when the service stops, for the client to come again. 404 for a shock that
   * opened no fan-out; 429 and 503 over the limits of an account and of the instance.
   */
  @Get()
  @Access(...roles)
  @ApiOperation({ summary: 'Ledger of a shock, live, as server-sent events' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description: 'A stream that ends when the fan-out has settled',
    schema: {
      type: 'string',
      example:
        'event: ledger\nid: 1099511627777-1\ndata: {"state":"running","exposed":4321,"alerted":2800,…,"townshipsAre":"all","townships":[…]}\n\n',
    },
  })
  @ApiNoContentResponse({ description: 'The ledger is settled, and Last-Event-ID says that the client knows' })
  async watch(
    @Param('shockId', PathUuid) shockId: string,
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const place = this.listeners.enter(caller.subject);
    const { read, leave } = this.readings.join(shockId, caller.scope);
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      place.leave();
      leave();
    };
    try {
      const first = await read();
      if (isSettled(first) && lastEventId === settledEventId(first)) {
        end();
        return void reply.code(204).send();
      }
      reply.raw.once('close', end);
      letGoAfter(place.signal, reply.raw);
      if (reply.raw.destroyed) end();
      void reply
        .header('cache-control', 'no-store')
        // Proxies of the nginx family gather answers unless told not to.
        .header('x-accel-buffering', 'no')
        .type('text/event-stream')
        .send(Readable.from(ledgerEvents(first, { read, signal: place.signal })));
    } catch (error) {
      end();
      throw error;
    }
  }
}
