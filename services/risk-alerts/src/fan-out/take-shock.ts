/**
 * A shock's revision opens, replaces or recalls a fan-out. One of a policy version that is not known here is kept aside, and the end behind
 * it; unless it is called off, or takes back what was raised: for that no policy is asked, and nobody may be alerted meanwhile by it.
 */
import { toBinary } from '@bufbuild/protobuf';
import { Lane, ShockSchema, ShockState, topics, type AlertLane, type Cause, type Shock } from '@fangpin/contracts';
import type { Bus } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { BUS } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PolicyVersions } from '../policy/policy-versions.js';
import { causesOf } from '../loss/loss-model.js';
import { shockFacts } from '../loss/shock-facts.js';
import { findFanOuts, type FanOut, type Pins } from './fan-out.js';
import { originOf } from '@fangpin/domain-kit';
import { saysMore } from './says-more.rule.js';
import { comesAfterAside, forgetAside, keepAside } from './shocks-aside.js';
import { takesBack } from './whole-word.rule.js';

const LAST_FAN_OUT = `f.origin = $1 AND f.shock_revision = (SELECT max(shock_revision) FROM fan_outs WHERE origin = $1)`;

@Injectable()
export class TakeShock {
  constructor(
    @Inject(BUS) private readonly bus: Bus,
    private readonly policies: PolicyVersions,
  ) {}

  /** Takes revisions in, in their order; by pins that were asked for after all of them were accepted, where they are given. */
  async execute(shocks: readonly Shock[], tx: Tx, pinned?: Pins): Promise<void> {
    // Once is enough, after all of these were accepted: hundreds come when a policy is applied backwards.
    let asked = pinned === undefined ? undefined : Promise.resolve(pinned);
    const pins = (): Promise<Pins> => (asked ??= this.pin());
    for (const shock of shocks) await this.take(shock, pins, tx);
  }

  private async take(shock: Shock, pins: () => Promise<Pins>, tx: Tx): Promise<void> {
    const revision = Number(shock.revision);
    const policy = await this.policies.find(shock.policyVersion);
    const waits = policy === undefined ? await asksForPolicy(tx, shock) : await comesAfterAside(tx, shock);
    if (waits) return keepAside(tx, shock);
    const newer = await tx.execute(
      `INSERT INTO shocks AS s (shock_id, revision, kind, lane, state, headline, shock, judged_on)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (shock_id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind, lane = excluded.lane,
         state = excluded.state, headline = excluded.headline, shock = excluded.shock, judged_on = excluded.judged_on,
         received_at = now()
       WHERE s.revision < excluded.revision`,
      [shock.shockId, revision, shock.kind, shock.lane, shock.state, shock.headline, ...keptOf(shock, policy)],
    );
    await forgetAside(tx, shock);
    if (newer === 0) return;
    // A cause that the new revision is no longer (a report without houses) is judged again too: nobody is exposed to it now.
    const speaks = policy === undefined ? [] : causesOf(shockFacts(shock), policy);
    const causes = new Set([...speaks, ...(await knownCauses(tx, shock))]);
    for (const cause of causes) await this.open(shock, cause, policy, pins, tx);
  }

  /** Opens the fan-out of one cause under this revision; those of earlier revisions are superseded. */
  private async open(
    shock: Shock,
    cause: Cause,
    policy: PolicySet | undefined,
    pins: () => Promise<Pins>,
    tx: Tx,
  ): Promise<void> {
    const revision = Number(shock.revision);
    const origin = originOf(shock.shockId, cause);
    const [last] = await findFanOuts(tx, LAST_FAN_OUT, [origin]);
    const direction = directionOf(shock, cause, last);
    if (direction === undefined) return;
    const superseded = await tx.query<{ lane: AlertLane }>(
      `UPDATE fan_outs SET state = 'superseded', settled_at = now(), behind = false, planning = false
       WHERE origin = $1 AND state IN ('waiting', 'awaiting-confirmation', 'running') RETURNING lane`,
      [origin],
    );
    // What somebody still waits for stays live, under whichever policy it is judged.
    const isLive = !shock.policyAppliedBackwards || superseded.some(({ lane }) => lane === 'live');
    await tx.execute(
      `UPDATE slices SET state = 'superseded' WHERE origin = $1 AND shock_revision < $2 AND state = 'waiting'`,
      [origin, revision],
    );
    await tx.execute(
      'INSERT INTO origins (origin, shock_id, cause) VALUES ($1, $2, $3) ON CONFLICT (shock_id, cause) DO NOTHING',
      [origin, shock.shockId, cause],
    );
    await tx.execute(
      `INSERT INTO fan_outs (origin, shock_revision, direction, state, policy_version, judged_on, shock, pins, lane, applied_backwards)
       VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7, $8, $9)`,
      [
        origin,
        revision,
        direction,
        // What is taken back goes by the version under which it was raised, where its own is not known.
        policy === undefined ? (last?.policyVersion ?? shock.policyVersion) : shock.policyVersion,
        shock.judgedOn,
        Buffer.from(toBinary(ShockSchema, shock)),
        JSON.stringify(direction === 'raise' ? await pins() : {}),
        isLive ? 'live' : 'bulk',
        shock.policyAppliedBackwards,
      ],
    );
  }

  /** How far the exposure has to have read for all that was said up to now. */
  async pin(): Promise<Pins> {
    const pins: Record<string, Record<string, number>> = {};
    for (const topic of [topics.household, topics.assessment]) {
      const ends = await this.bus.endOffsets(topic);
      pins[topic.name] = Object.fromEntries([...ends].map(([partition, end]) => [partition, Number(end)]));
    }
    return pins;
  }
}

/** What is kept of one that alerts nobody: another policy may be tried on it, beside its own. A fan-out keeps its own. */
const keptOf = (shock: Shock, policy: PolicySet | undefined): readonly [Buffer, string] | readonly [null, null] =>
  shock.lane === Lane.ALERT || policy === undefined
    ? [null, null]
    : [Buffer.from(toBinary(ShockSchema, shock)), shock.judgedOn];

/**
 * What a revision asks for: an open shock of the alert lane raises; a cancelled one, or one that left the lane, withdraws
 * what was raised; an ended one leaves its alerts to be followed, and what is under way to be carried to its end, and is only
 * no longer looked at again, once it has caught up with the exposure (catch-up.ts). Its households are judged once more where it
 * endangers more than what they were judged by, as final figures may, and where an officer applies another policy to it; as they are today.
 */
function directionOf(shock: Shock, cause: Cause, last: FanOut | undefined): 'raise' | 'withdraw' | undefined {
  if (shock.state === ShockState.OPEN && shock.lane === Lane.ALERT) return 'raise';
  if (shock.state === ShockState.ENDED && shock.lane === Lane.ALERT) {
    // It may be heard of for the first time when it is over (a series of past prices): it still endangered households.
    if (last === undefined || last.direction === 'withdraw' || shock.policyAppliedBackwards) return 'raise';
    return saysMore(last.shock, shockFacts(shock, cause)) ? 'raise' : undefined;
  }
  if (shock.state === ShockState.CANCELLED && shock.lane === Lane.ALERT) return 'withdraw';
  return last === undefined ? undefined : 'withdraw';
}

async function knownCauses(tx: Tx, { shockId }: Shock): Promise<Cause[]> {
  const rows = await tx.query<{ cause: Cause }>('SELECT cause FROM origins WHERE shock_id = $1', [shockId]);
  return rows.map(({ cause }) => cause);
}

/** Whether only its policy says what a revision asks for. Out of the alert lane, where nothing was raised, it is kept for policies to be tried on. */
async function asksForPolicy(tx: Tx, shock: Shock): Promise<boolean> {
  if (shock.state === ShockState.CANCELLED) return false;
  return !takesBack(shock) || (await knownCauses(tx, shock)).length === 0;
}
