import { readFileSync } from 'node:fs';
import { inRepository } from '../paths.ts';
import { textBody, type RequestBody } from '../client/http-client.ts';

/** Yongren (永仁县) in Yunnan: the county of the demo. */
export const DEMO_COUNTY = '532327';

function dataFile(name: string): string {
  return readFileSync(inRepository('scripts', 'lib', 'demo', 'data', name), 'utf8');
}

/** The weekly price of pigs of 2020–2021, as published. */
export function pigPrices(): RequestBody {
  return textBody('text/csv', dataFile('pig-prices-2020-2021.csv'));
}

/** The red rainstorm warning for Yongren of July 2026, with an identifier of ours, and the moment it was sent. */
export function rainstormWarning(): { message: RequestBody; sent: string } {
  const text = dataFile('yongren-red-rainstorm.cap.xml');
  const sent = /<sent>\s*([^<\s]+)\s*<\/sent>/.exec(text)?.[1];
  if (sent === undefined) throw new Error('the warning of the demo names no time at which it was sent');
  return { message: textBody('application/cap+xml', text), sent };
}

/** A damage report that nobody made: the one constructed input, and it says so in `source`. */
export interface DamageReport {
  kind: string;
  headline: string;
  source: string;
  onset: string;
  damage: { region: string; cropHitMu: number; cropDamagedMu: number; cropLostMu: number }[];
}

export function damageReport(): DamageReport {
  return JSON.parse(dataFile('damage-report.json')) as DamageReport;
}
