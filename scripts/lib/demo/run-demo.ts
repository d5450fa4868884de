/** The demo's road: three inputs go in at the gateway, and each is followed to where it ends. */
import { Failure } from '../failure.ts';
import { followFanOut, isFinal, ledgerFaults, type FanOut } from '../client/fan-out.ts';
import type { HttpClient } from '../client/http-client.ts';
import { damageReport, pigPrices, rainstormWarning, type DamageReport } from './inputs.ts';
import { progressLine } from './progress-line.ts';

export interface FollowedShock {
  shock: ShockView;
  fanOut: FanOut;
  seconds: number;
  /** Why the ledger is not in order; empty when it is. */
  faults: string[];
}

export interface ShockView {
  id: string;
  kind: string;
  level: string;
  lane: 'recorded' | 'notice' | 'alert';
  state: string;
  regions: string[];
  expires: string | null;
  headline: string;
  source: string;
}

export interface DemoResult {
  shocks: FollowedShock[];
  notices: ShockView[];
}

interface IntakeAnswer {
  shockId: string | null;
  outcome: string;
  lane: string | null;
  problems: { code: string; text: string }[];
}

interface PriceAnswer {
  rows: number;
  accepted: number;
  rejected: number;
  shocks: { shockId: string; product: string; state: string; from: string; to: string | null }[];
}

type Say = (line: string) => void;

/** Sends the demo's inputs and follows every alert to its end. A repeat sends the same and finds the same shocks. */
export async function runDemo(client: HttpClient, say: Say): Promise<DemoResult> {
  const result: DemoResult = { shocks: [], notices: [] };
  const follow = async (shockId: string): Promise<void> => {
    const shock = await client.get<ShockView>(`/v1/shocks/${shockId}`);
    if (shock.lane === 'notice') {
      say(`  预警提示 notice: ${shock.headline}`);
      result.notices.push(shock);
    } else if (shock.lane === 'alert') result.shocks.push(await followShock(client, shock, say));
  };
  for (const shockId of await sendPigPrices(client, say)) await follow(shockId);
  await follow(await sendWarning(client, say));
  await follow(await sendDamageReport(client, say));
  return result;
}

async function sendPigPrices(client: HttpClient, say: Say): Promise<string[]> {
  say('① 生猪价格 2020–2021 · weekly pig prices as published');
  const answer = await client.post<PriceAnswer>('/v1/shocks/market-prices', pigPrices());
  say(`  ${answer.accepted} of ${answer.rows} prices taken`);
  for (const { product, from, to, state } of answer.shocks)
    say(`  ${product}价格下跌 price fall from ${from}${to === null ? '' : ` to ${to}`} (${state})`);
  if (answer.shocks.length === 0) throw new Failure('the pig prices of 2021 started no shock');
  return answer.shocks.map(({ shockId }) => shockId);
}

async function sendWarning(client: HttpClient, say: Say): Promise<string> {
  const { message, sent } = rainstormWarning();
  say(`② 永仁县暴雨红色预警 · red rainstorm warning for Yongren, judged as of ${sent}`);
  // The warning is of the past; it is read as if it had come when it was sent (docs/adr, replay time).
  const path = `/v1/shocks/cap?asOf=${encodeURIComponent(sent)}`;
  return taken('the rainstorm warning', await client.post<IntakeAnswer>(path, message), say);
}

async function sendDamageReport(client: HttpClient, say: Say): Promise<string> {
  const report = damageReport();
  say(`③ 灾情报告（构造示例）· damage report, CONSTRUCTED for this demo: ${totalOf(report)}`);
  say(`  source: ${report.source}`);
  const shockId = taken('the damage report', await client.post<IntakeAnswer>('/v1/shocks', report), say);
  say(`  受灾还是未受灾: each village of these townships is asked, GET /v1/village-questions?shockId=${shockId}`);
  return shockId;
}

function totalOf({ damage }: DamageReport): string {
  const mu = (name: 'cropHitMu' | 'cropLostMu'): string =>
    damage.reduce((sum, area) => sum + area[name], 0).toLocaleString('en');
  return `${damage.length} townships, ${mu('cropHitMu')} mu hit, ${mu('cropLostMu')} mu lost`;
}

function taken(what: string, { shockId, outcome, lane, problems }: IntakeAnswer, say: Say): string {
  say(`  ${outcome}, lane ${lane ?? 'none'}`);
  if (shockId === null) throw new Failure(`${what} was ${outcome}: ${problems.map(({ text }) => text).join('; ')}`);
  return shockId;
}

async function followShock(client: HttpClient, shock: ShockView, say: Say): Promise<FollowedShock> {
  let last = '';
  const onChange = (fanOut: FanOut): void => {
    const line = progressLine(fanOut);
    if (line !== last) say(`  ${line}`);
    last = line;
  };
  const until = (fanOut: FanOut): boolean => isFinal(fanOut) || fanOut.state === 'awaiting-confirmation';
  const fanOut = await followFanOut(client, shock.id, { onChange, until });
  const faults = ledgerFaults(fanOut);
  if (fanOut.state !== 'done') faults.unshift(`the ledger ended as ${fanOut.state}`);
  for (const fault of faults) say(`  账目不平 the ledger is not in order: ${fault}`);
  return { shock, fanOut, seconds: fanOut.seconds ?? 0, faults };
}
