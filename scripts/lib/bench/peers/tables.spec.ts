import { describe, expect, it } from '@jest/globals';
import { createTable, inPeerSchema } from './tables.ts';

describe('the table of a peer', () => {
  it('has the columns and checks of the services, and needs only what peers fill', () => {
    const columns = [
      { name: 'origin', type: 'bigint', required: true },
      { name: 'per_capita_fen', type: 'bigint', required: false },
      { name: 'added_later', type: 'text', required: true },
    ];
    expect(createTable('alerts', columns, ['CHECK ((origin > 0))'], ['origin', 'per_capita_fen'])).toBe(
      'CREATE TABLE peers.alerts (origin bigint NOT NULL, per_capita_fen bigint, added_later text, CHECK ((origin > 0)))',
    );
  });

  it('has their indexes', () => {
    const definition =
      'CREATE UNIQUE INDEX cases_one_open_case ON public.cases USING btree (household_id) WHERE (state < 100)';
    expect(inPeerSchema(definition, 'cases')).toBe(
      'CREATE UNIQUE INDEX cases_one_open_case ON peers.cases USING btree (household_id) WHERE (state < 100)',
    );
  });
});
