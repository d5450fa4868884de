/**
 * A round in which a policy is applied backwards: a release changes from which level households are alerted, and while processes die, officers
 * have the shocks and findings of the rounds before judged by it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PolicyRecord } from '@fangpin/policy';
import type { HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import type { Stack } from '../stack/index.ts';
import { groupDays, type RoundPlan } from './kills-plan.ts';
import { sendUntilAnswered } from './kills-sending.ts';
import { waitFor } from './wait.ts';

export interface Releasing {
  readonly client: HttpClient;
  readonly stack: Stack;
  /** Folder of the policy that changes; see {@link openOverlay}. */
  readonly overlay: string;
  /** Whether one round is run by itself: then it judges again what came before the rounds. */
  readonly isAlone: boolean;
}

/** What the services say of an application that is over. */
export interface ShockApplication {
  readonly state: string;
  readonly toVersion: string;
  readonly shocks: number;
  readonly judged: number;
  readonly left: number;
  readonly parked: number;
}

export interface FindingApplication {
  readonly state: string;
  readonly toVersion: string;
  readonly judged: number;
  readonly raised: number;
  readonly withdrawn: number;
  readonly failed: number;
}

export interface Applied {
  readonly shocks: ShockApplication;
  readonly findings: FindingApplication;
  readonly sentAgain: number;
}

const ENDS = { everyMs: 200, timeoutMs: 240_000 };
const WHY = { reason: '击杀测试：提示级别调整', document: '击杀测试' };

/** Present from the start: the services read it when they boot. */
export function openOverlay(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Writes the changed policy and rolls it out: first who judges households, so that it knows the version when a shock names it. */
export async function release({ stack, overlay }: Releasing, alertFrom: number): Promise<void> {
  const record = {
    key: 'triage',
    region: '00' as PolicyRecord['region'],
    from: '2020-01-01',
    value: { alertFrom, caseFrom: 4 },
    source: { document: 'benchmark', grade: 'unsourced' },
    assumed: true,
    author: 'benchmark',
    reason: `Households are alerted from level ${alertFrom}.`,
  };
  writeFileSync(join(overlay, 'triage.json'), JSON.stringify([record]));
  const instances = Object.keys(stack.pids()).filter((name) => name.split('#')[0] === 'risk-alerts').length;
  await Promise.all(Array.from({ length: instances }, (_, i) => stack.restart('risk-alerts', i + 1)));
  await stack.restart('shock-feeds');
}

/** Sends both applications at their moment and waits until the services say that they are over. */
export async function applyBackwards(world: Releasing, plan: RoundPlan, usualMs: number): Promise<Applied> {
  if (plan.applies === undefined) throw new Failure('nothing is applied in this round');
  const { hail, found } = groupDays(plan.round, new Date(), world.isAlone);
  await sleep(plan.applies.moment * usualMs);
  const send = (path: string, days: object): ReturnType<typeof sendUntilAnswered<{ applicationId: string }>> =>
    sendUntilAnswered(world.client, path, { ...days, ...WHY, reason: `${WHY.reason} ${plan.seed}/${plan.round}` });
  const [shocks, findings] = await Promise.all([
    send('/v1/policy-applications', { ...hail, kinds: ['hail'] }),
    send('/v1/findings/policy-applications', found),
  ]);
  return {
    shocks: await over(world, `/v1/policy-applications/${shocks.body.applicationId}`),
    findings: await over(world, `/v1/findings/policy-applications/${findings.body.applicationId}`),
    sentAgain: shocks.tries + findings.tries - 2,
  };
}

function over<T extends { readonly state: string }>({ client }: Releasing, path: string): Promise<T> {
  return waitFor({ what: `${path} is done`, ...ENDS }, async () => {
    const answer = await client.request<T>('GET', path).catch(() => undefined);
    return answer?.status === 200 ? whenDone(path, answer.body) : undefined;
  });
}

/** An application once it is done; undefined while it runs. Throws where it has ended otherwise: it will never be done. */
export function whenDone<T extends { readonly state: string }>(path: string, application: T): T | undefined {
  const { state } = application;
  if (state === 'running') return undefined;
  if (state !== 'done') throw new Failure(`${path} has ended as ${state}`);
  return application;
}
