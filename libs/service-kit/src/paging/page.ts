import { InvalidValue } from '@fangpin/domain-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { currentPath } from '../context/request-context.js';
import { decodeCursor, encodeCursor, type CursorKey } from './cursor.js';

/** Query of a list. A list's own query extends it. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Most rows of a page (a list says its own ceiling).',
  })
  @IsOptional()
  @IsString({ message: 'limit must be given once' })
  limit?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'The nextCursor of the page before of this list; none for the first page.',
  })
  @IsOptional()
  @IsString({ message: 'cursor must be given once' })
  cursor?: string;
}

export interface PageRequest {
  readonly limit: number;
  /** Key of the last row of the page before; undefined on the first page. */
  readonly after?: CursorKey;
}

export interface Page<T> {
  readonly items: T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Reads `limit` and `cursor` of a list; refuses a limit outside 1…max and a cursor that this list, at the path of the present request, has not given out. */
export function readPage(
  query: { readonly limit?: string | number | undefined; readonly cursor?: string | undefined },
  { max = 200, default: usual = 50 }: { readonly max?: number; readonly default?: number } = {},
): PageRequest {
  const text = query.limit === undefined || query.limit === '' ? String(Math.min(usual, max)) : String(query.limit);
  const limit = Number(text);
  if (!/^\d{1,6}$/.test(text) || limit < 1 || limit > max)
    throw new InvalidValue('limit', query.limit, `must be an integer from 1 to ${max}`);
  if (query.cursor === undefined || query.cursor === '') return { limit };
  return { limit, after: decodeCursor(query.cursor, currentPath()) };
}

/** Makes a page of up to `limit` rows out of `limit + 1` fetched ones: the one too many tells that there is a next page. */
export function page<T>(rows: readonly T[], limit: number, keyOf: (row: T) => CursorKey): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return { items, nextCursor: isMore ? encodeCursor(keyOf(last), currentPath()) : null };
}
