/** What the demo shows when it is over: for people and, with `--json`, for programs. */
import { findShockKind } from '@fangpin/contracts';
import { alertText, type ExplainedAlert } from './explained-alert.ts';
import type { DemoResult, FollowedShock, ShockView } from './run-demo.ts';
import { tableOf } from './table.ts';

/** The last line of `npm run demo -- --json` (its shape is fixed: other programs read it). */
export interface DemoLine {
  households: number;
  shocks: {
    shockId: string;
    kind: string;
    exposed: number;
    alerts: number;
    listed: number;
    casesOpened: number;
    casesAttached: number;
    seconds: number;
  }[];
  notices: {
    shockId: string;
    kind: string;
    level: string;
    regions: string[];
    expires: string | null;
    headline: string;
  }[];
  ok: boolean;
}

export function demoLine(households: number, { shocks, notices }: DemoResult): DemoLine {
  return {
    households,
    shocks: shocks.map(({ shock, fanOut, seconds }) => ({
      shockId: shock.id,
      kind: shock.kind,
      exposed: fanOut.exposed,
      alerts: fanOut.alerted,
      listed: fanOut.listed,
      casesOpened: fanOut.casesOpened,
      casesAttached: fanOut.casesAttached,
      seconds,
    })),
    notices: notices.map(({ id, kind, level, regions, expires, headline }) => ({
      shockId: id,
      kind,
      level,
      regions,
      expires,
      headline,
    })),
    ok: isInOrder({ shocks, notices }),
  };
}

/** Every ledger is done and adds up, shocks reached households, and the warning gave a notice. */
export function isInOrder({ shocks, notices }: DemoResult): boolean {
  const followed = shocks.length > 0 && shocks.every(({ faults, fanOut }) => faults.length === 0 && fanOut.exposed > 0);
  return followed && notices.length > 0;
}

export function demoText(result: DemoResult, alert: ExplainedAlert | undefined, gateway: string): string {
  const parts = [shockTable(result.shocks), ...result.notices.map(noticeText)];
  if (alert !== undefined) parts.push(alertText(alert));
  parts.push(whatNext(gateway, result.shocks[0]?.shock.id));
  return `\n${parts.join('\n\n')}\n`;
}

function shockTable(shocks: readonly FollowedShock[]): string {
  const header = [
    '冲击 shock',
    '暴露 exposed',
    '红 red',
    '橙 orange',
    '黄 yellow',
    '蓝 blue',
    '排查 listed',
    '立案 cases',
    '并案 attached',
    '秒 seconds',
  ];
  const rows = shocks.map(({ shock, fanOut, seconds }) => [
    `${findShockKind(shock.kind)?.name ?? ''} ${shock.kind}`,
    fanOut.exposed,
    fanOut.severities.red,
    fanOut.severities.orange,
    fanOut.severities.yellow,
    fanOut.severities.blue,
    fanOut.listed,
    fanOut.casesOpened,
    fanOut.casesAttached,
    seconds.toFixed(1),
  ]);
  const told = shocks.map(({ shock }) => `  ${shock.headline}\n    source: ${shock.source}`);
  return [tableOf(header, rows), ...told].join('\n');
}

function noticeText({ headline, level, regions, expires }: ShockView): string {
  const until = expires === null ? '' : `, until ${expires}`;
  return `预警提示 notice: ${headline} (${level}, ${regions.join(', ')}${until}). A forecast opens no case; it expires by itself.`;
}

function whatNext(gateway: string, shockId: string | undefined): string {
  return [
    '接下来 what to open next',
    `  ${gateway}/docs      all paths, to be tried in the browser`,
    '  npm run -s token -- --role county-officer --region 532327      a token for it (Authorize)',
    ...(shockId === undefined
      ? []
      : [`  ${gateway}/v1/shocks/${shockId}/fan-out      the ledger, township by township`]),
    `  ${gateway}/v1/worklist      what is due, in order`,
    '  npm run demo again doubles nothing; npm run down stops the stack (-- --wipe removes its data)',
  ].join('\n');
}
