/** Which use case takes which format: the same one as behind the POST endpoint. */
import { InvalidValue } from '@fangpin/domain-kit';
import type { Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { TakeCap } from '../cap/take-cap.js';
import { TakeQuakes } from '../earthquakes/take-quakes.js';
import { charsetOf } from '../intake/bodies.js';
import { rowsOfCsv } from '../market-prices/read-price-sheet.js';
import { TakePrices } from '../market-prices/take-prices.js';
import { TakeWarningList } from '../warning-lists/take-warning-list.js';
import { TakeSnapshot } from '../warning-snapshots/take-snapshot.js';
import type { FeedIntake } from './polling/feed-intakes.js';

/** The intakes know nothing of sources; they are looked up when the first document comes, by then all are made. */
export function feedIntakes(modules: ModuleRef): FeedIntake[] {
  const find = <T>(useCase: Type<T>): T => modules.get(useCase, { strict: false });
  return [
    {
      format: 'cap',
      async take({ bytes, contentType, received }) {
        await find(TakeCap).take(bytes, charsetOf(contentType), received);
        return 'taken';
      },
    },
    {
      format: 'market-prices-csv',
      async take({ bytes, contentType, received }) {
        await find(TakePrices).take(rowsOfCsv(bytes, charsetOf(contentType)), received);
        return 'taken';
      },
    },
    {
      format: 'warning-snapshot',
      // Each source is a feed of its own: lists of two publishers must not end each other's warnings.
      async take({ source, bytes, received }) {
        const { heldBack } = await find(TakeSnapshot).take(readJson(bytes), source, received);
        return heldBack ? 'held-back' : 'taken';
      },
    },
    {
      format: 'warning-list',
      async take({ bytes, received }) {
        await find(TakeWarningList).take(readJson(bytes), received);
        return 'taken';
      },
    },
    {
      format: 'earthquakes-geojson',
      async take({ bytes, received }) {
        await find(TakeQuakes).take(readJson(bytes), received);
        return 'taken';
      },
    },
  ];
}

/** JSON in UTF-8, with or without a byte order mark. */
function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new InvalidValue('body', null, 'must be JSON in UTF-8');
  }
}
