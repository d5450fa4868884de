/** The yardstick of the journeys; what it looks at is in scripts/lib/client/accounts.ts, shared with the bench that kills. */
import { expect } from '@jest/globals';
import { accountFaults, recallFaults } from '../../scripts/lib/client/accounts.ts';
import type { FanOut } from '../../scripts/lib/client/fan-out.ts';
import type { World } from './world.ts';

export { alertedBy, farmersIn, stillAskedFor } from '../../scripts/lib/client/accounts.ts';

/** The ledger adds up, and distinct ids say the same: none of those the shock must find is missed, none is doubled. */
export async function expectAllAccountedFor(world: World, fanOut: FanOut, mustFind: readonly number[]): Promise<void> {
  expect(await accountFaults(world, fanOut, mustFind)).toEqual([]);
}

/** Nothing of the shock stands any more: no alert, no untouched case, no item that asks for a visit. */
export async function expectAllRecalled(world: World, fanOut: FanOut): Promise<void> {
  expect(await recallFaults(world, fanOut)).toEqual([]);
}
