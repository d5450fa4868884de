/** What the bench that kills tells at its end. */
import type { RoundPlan } from './kills-plan.ts';
import type { RoundResult } from './kills-round.ts';

export interface KillsLine {
  name: 'kills';
  households: number;
  instances: number;
  seed: number;
  rounds: number;
  kills: Record<string, number>;
  brokerRestarts: number;
  databaseRestarts: number;
  redisRestarts: number;
  cancels: number;
  corrections: number;
  /** Shocks that were said to be over in the middle of their fan-out. */
  ends: number;
  priceFalls: number;
  /** Rounds with a policy applied backwards, and how many shocks and findings that was to. */
  applications: number;
  shocksJudgedAgain: number;
  findingsJudgedAgain: number;
  /** Findings of departments by what became of them. */
  findings: Record<string, number>;
  /** POSTs sent again after a cut connection or a 5xx; each was one shock, finding or sheet. */
  sentAgain: number;
  startsAgain: number;
  failures: { round: number; seed: number; what: string }[];
  /** Median of the rounds. */
  secondsARound: number;
  seconds: number;
  ok: boolean;
}

export function emptyLine({
  households,
  instances,
  seed,
}: Pick<KillsLine, 'households' | 'instances' | 'seed'>): KillsLine {
  const none = { brokerRestarts: 0, databaseRestarts: 0, redisRestarts: 0 };
  const said = {
    cancels: 0,
    corrections: 0,
    ends: 0,
    priceFalls: 0,
    applications: 0,
    shocksJudgedAgain: 0,
    findingsJudgedAgain: 0,
  };
  const more = { sentAgain: 0, startsAgain: 0, failures: [], secondsARound: 0, seconds: 0, ok: false };
  return { name: 'kills', households, instances, seed, rounds: 0, kills: {}, ...none, ...said, findings: {}, ...more };
}

/** Counts a round that is over. */
export function noteRound(
  line: KillsLine,
  { kill, server, then, shock, applies }: RoundPlan,
  result: RoundResult,
): void {
  line.rounds += 1;
  line.kills[kill.service] = (line.kills[kill.service] ?? 0) + 1;
  if (server?.name === 'kafka') line.brokerRestarts += 1;
  if (server?.name === 'postgres') line.databaseRestarts += 1;
  if (server?.name === 'redis') line.redisRestarts += 1;
  if (then?.what === 'cancel') line.cancels += 1;
  if (then?.what === 'correction') line.corrections += 1;
  if (then?.what === 'end') line.ends += 1;
  if (shock === 'price-fall') line.priceFalls += 1;
  if (applies !== undefined) line.applications += 1;
  line.shocksJudgedAgain += result.judgedAgain.shocks;
  line.findingsJudgedAgain += result.judgedAgain.findings;
  for (const [outcome, n] of Object.entries(result.outcomes))
    line.findings[outcome] = (line.findings[outcome] ?? 0) + n;
  line.sentAgain += result.sentAgain;
  line.startsAgain += result.startsAgain;
}
