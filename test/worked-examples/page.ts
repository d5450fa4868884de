/** The tables and texts of a page in docs/worked-examples, made anew from a run, so that the page cannot say anything else. */
import { readFileSync } from 'node:fs';
import type { ExplainedAlertResponse } from '../../services/risk-alerts/src/alerts/alert.responses.js';
import type { FanOutResponse } from '../../services/risk-alerts/src/ledger/fan-out.response.js';

/** The lines of a page between `<!-- name -->` and `<!-- /name -->`, without spaces that the formatter adds. */
export function blockOf(page: string, name: string): string[] {
  const text = readFileSync(new URL(`../../docs/worked-examples/${page}.md`, import.meta.url), 'utf8');
  const [, block = ''] = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)<!-- /${name} -->`).exec(text) ?? [];
  return block
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\|[\s:|-]+\|$/.test(line))
    .map(bare);
}

export const bare = (line: string): string => line.replaceAll(/\s+/g, ' ').trim();

export const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

type Figures = FanOutResponse | FanOutResponse['townships'][number];

/** What the ledger says of an area: exposed, alerted by severity, withheld, check list, cases. */
export function figuresOf(counts: Figures): readonly number[] {
  const { red = 0, orange = 0, yellow = 0, blue = 0 } = counts.severities;
  const { exposed, alerted, withheld, listed, casesOpened } = counts;
  return [exposed, alerted, red, orange, yellow, blue, withheld, listed, casesOpened];
}

export function townshipRows(
  ledger: FanOutResponse,
  first: (region: string) => readonly string[] = () => [],
): string[] {
  return [
    ...ledger.townships.map((township) => row(...first(township.region), township.name, ...figuresOf(township))),
    row(...first('').map(() => ''), '**all**', ...figuresOf(ledger)),
  ].map(bare);
}

/** Records that the explanations name, each once: what was taken, where it comes from, whether it is assumed. */
export function recordRows(alerts: readonly ExplainedAlertResponse[]): string[] {
  const records = alerts.flatMap(({ explanation }) => explanation.policy.records);
  const byId = new Map(records.map((record) => [record.recordId, record]));
  return [...byId.values()]
    .sort((a, b) => (a.recordId < b.recordId ? -1 : 1))
    .map(({ recordId, assumed, document, grade }) =>
      bare(row(`\`${recordId}\``, assumed ? 'assumed' : '', `${document} (${grade})`)),
    );
}
