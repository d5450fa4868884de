/**
 * Journeys across all services, in one file because they share one running system: starting it takes longer than most of
 * them. What each of them breaks, it mends.
 */
import { afterAll, beforeAll } from '@jest/globals';
import { badInput } from './bad-input.ts';
import { batches } from './batches.ts';
import { changedHouseholds } from './changed-household.ts';
import { damagedRows } from './damaged-rows.ts';
import { demo } from './demo.ts';
import { findings } from './findings.ts';
import { killedProcesses } from './killed-processes.ts';
import { layOffs } from './lay-offs.ts';
import { liveLedger } from './live-ledger.ts';
import { mainRoad } from './main-road.ts';
import { onePicture } from './one-picture.ts';
import { policyAppliedBackwards } from './policy-backwards.ts';
import { recalls } from './recall.ts';
import { restartedServers } from './restarted-servers.ts';
import { villageAnswers } from './village-answers.ts';
import { wideReports } from './wide-reports.ts';
import { startWorld, type World } from './world.ts';

let started: World | undefined;

const world = (): World => {
  if (started === undefined) throw new Error('the system has not come up');
  return started;
};

beforeAll(async () => {
  started = await startWorld();
}, 180_000);

afterAll(async () => {
  await started?.close();
}, 60_000);

mainRoad(world);
demo(world);
badInput(world);
changedHouseholds(world);
layOffs(world);
recalls(world);
policyAppliedBackwards(world);
villageAnswers(world);
wideReports(world);
findings(world);
batches(world);
onePicture(world);
liveLedger(world);
damagedRows(world);
restartedServers(world);
killedProcesses(world);
