import { ENV, LOGGER, type Logger } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayEnv } from '../env.js';
import { upstreams, type Upstream } from '../routing/route-table.js';
import { mergeDocuments, type OpenApiDocument } from './merge-documents.js';

const FRESH_MS = 15_000;
const TIMEOUT_MS = 4_000;

const info = {
  title: '防贫 fangpin',
  version: '1',
  description:
    'From shocks (hail, quakes, pig prices …) to explained household alerts, village check lists and assistance cases. ' +
    'Sign in with a bearer token whose claims `role` and `region` decide what may be done and seen; each operation lists ' +
    'its roles under `x-roles`. Money is in fen (integers, names end in `Fen`), times are RFC 3339 with offset, regions are ' +
    'codes of 2 to 15 digits (`00` the whole country). Lists are keyset-paged by `limit` and `cursor`. Refusals are ' +
    'problem details (RFC 9457) with a stable `code`.',
};

/** The services' documents as one, asked for anew every quarter of a minute; a service that is away keeps its last known part. */
@Injectable()
export class MergedDocument {
  readonly #known = new Map<Upstream, OpenApiDocument>();
  #merged: Promise<OpenApiDocument> | undefined;
  #mergedAt = -Infinity;

  constructor(
    @Inject(ENV) private readonly env: GatewayEnv,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  current(): Promise<OpenApiDocument> {
    if (this.#merged === undefined || performance.now() - this.#mergedAt > FRESH_MS) {
      this.#mergedAt = performance.now();
      this.#merged = this.#merge();
    }
    return this.#merged;
  }

  async #merge(): Promise<OpenApiDocument> {
    await Promise.all(upstreams.map((service) => this.#refresh(service)));
    const parts = upstreams.flatMap((service) => {
      const document = this.#known.get(service);
      return document === undefined ? [] : [{ service, document }];
    });
    // Not whole yet: ask again at the next request instead of waiting for the quarter minute.
    if (parts.length < upstreams.length) this.#mergedAt = -Infinity;
    return mergeDocuments(info, parts);
  }

  async #refresh(service: Upstream): Promise<void> {
    try {
      const url = new URL('/openapi.json', this.env.serviceUrls[service]);
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`answers ${response.status}`);
      this.#known.set(service, (await response.json()) as OpenApiDocument);
    } catch (error) {
      this.log.warn({ err: error, service }, 'the OpenAPI document of a service cannot be had');
    }
  }
}
