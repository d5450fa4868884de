import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from '../src/index.js';
import { problemOf, startThings, type Things } from './support/things.js';

describe('lists', () => {
  let app: Things['app'];
  let officer: Things['officer'];

  beforeAll(async () => {
    ({ app, officer } = await startThings());
  });
  afterAll(() => app.close());

  it('are read page by page until there is no next one', async () => {
    const seen: number[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const query = cursor === undefined ? '' : `?cursor=${cursor}`;
      const { items, nextCursor } = (await app.inject({ url: `/v1/things${query}`, headers: officer })).json<
        Page<number>
      >();
      seen.push(...items);
      cursor = nextCursor;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('go on behind their own cursors only, whatever the query around them', async () => {
    const ask = (path: string) => app.inject({ url: `/v1/things${path}`, headers: officer });
    const { nextCursor } = (await ask('?limit=1')).json<Page<number>>();
    expect((await ask(`?cursor=${nextCursor}&limit=3`)).json<Page<number>>().items).toEqual([2, 3, 4]);
    expect(problemOf(await ask(`/others?cursor=${nextCursor}`))).toMatchObject({
      status: 400,
      errors: [{ field: 'cursor', value: nextCursor, rule: 'must be the nextCursor of an earlier page of this list' }],
    });
  });

  it.each(['limit=0', 'limit=4', 'limit=x', 'limit=1.5', 'limit=1&limit=2', 'cursor=abc', 'cursor=%00', 'other=1'])(
    'refuse ?%s and name the field',
    async (query) => {
      const response = await app.inject({ url: `/v1/things?${query}`, headers: officer });
      expect(response.statusCode).toBe(400);
      expect(problemOf(response)['errors']).toEqual([expect.objectContaining({ field: query.split('=')[0] })]);
    },
  );
});
