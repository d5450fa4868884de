/** Holds what operators read (runbook, alert rules, dashboard) to the figures that the code has, both ways. */
import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');

/** Names of the project's own figures; those of prom-client and of every HTTP service begin otherwise. */
const OWN = /\b(?:fangpin|gateway)_[a-z_]+\b/g;
/** Not ours alone, but named by the pages. */
const SHARED = ['http_request_duration_seconds'];

/** Databases are named like figures; what prom-client adds to a histogram's name belongs to it. */
function figuresIn(text: string): string[] {
  const databases =
    /\bfangpin_(?:household_registry|income_monitoring|shock_feeds|risk_alerts|assistance_cases|intake)\b/g;
  const names = text.replaceAll(databases, '').match(OWN) ?? [];
  return [...new Set(names)].filter((name) => !name.endsWith('_')).sort();
}

function figuresOfTheCode(): string[] {
  const files = globSync('{libs,services}/*/src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.spec.ts'));
  const makers = files.map((path) => read(path)).filter((text) => /\bcreate(?:Gauge|Counter)\b/.test(text));
  return [
    ...new Set(
      makers.flatMap((text) => [...text.matchAll(/'((?:fangpin|gateway)_[a-z_]+)'/g)].map(([, name = '']) => name)),
    ),
  ].sort();
}

/** Headings as links name them. */
function anchorsOf(markdown: string): Set<string> {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text);
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const code = figuresOfTheCode();
const runbook = read('docs/runbook.md');
const rules = read('deploy/prometheus/rules.yml');
const dashboard = read('deploy/grafana/fangpin.json');

describe('the runbook', () => {
  it('has an entry for every figure of the code, and names none that is gone', () => {
    expect(code).toContain('fangpin_slices_stuck');
    expect(code).toContain('fangpin_consumer_lag_messages');
    expect(figuresIn(runbook)).toEqual(code);
  });

  it('links to entries that it has', () => {
    const anchors = anchorsOf(runbook);
    for (const [, target = ''] of runbook.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(target);
  });

  it('names files and commands that exist', () => {
    const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
    for (const [, command = ''] of runbook.matchAll(/npm\s+run (?:-s )?([a-z]+)/g))
      expect(Object.keys(scripts)).toContain(command);
    for (const [, path = ''] of runbook.matchAll(/\]\(((?:\.\.\/)?[\w./-]+\.\w+)\)/g))
      expect(() => read(`docs/${path}`)).not.toThrow();
  });
});

describe('the alert rules', () => {
  const alerts = rules.split(/^ {6}- alert: /m).slice(1);

  it('ask for figures that the code has', () => {
    expect(code).toEqual(expect.arrayContaining(figuresIn(rules)));
  });

  it('each have an expression, a severity and an entry of the runbook', () => {
    expect(alerts.length).toBeGreaterThan(15);
    const anchors = anchorsOf(runbook);
    for (const alert of alerts) {
      expect(alert).toMatch(/^ {8}expr: '.+'$/m);
      expect(alert).toMatch(/^ {10}severity: (?:page|ticket)$/m);
      expect(anchors).toContain(/^ {10}runbook: docs\/runbook\.md#(.+)$/m.exec(alert)?.[1]);
    }
  });

  it('watch every figure that should be 0', () => {
    const told = ['fangpin_source_last_heard_seconds'];
    const counted = [
      'fangpin_consumer_lag_messages',
      'fangpin_outbox_unpublished',
      'fangpin_simulations_stood_aside_total',
    ];
    const watched = figuresIn(rules);
    expect(code.filter((name) => ![...told, ...counted].includes(name))).toEqual(watched);
  });
});

describe('the dashboard', () => {
  interface Panel {
    readonly title: string;
    readonly description?: string;
    readonly targets?: readonly { readonly expr: string }[];
  }
  const { panels } = JSON.parse(dashboard) as { panels: readonly Panel[] };

  it('shows figures that the code has, each with its entry of the runbook', () => {
    const anchors = anchorsOf(runbook);
    const graphs = panels.filter(({ targets }) => targets !== undefined);
    expect(graphs.length).toBeGreaterThan(10);
    for (const { description = '', targets = [] } of graphs) {
      expect(anchors).toContain(description.split('#')[1]);
      for (const { expr } of targets) {
        const known = figuresIn(expr).every((name) => code.includes(name));
        const shared = SHARED.some((name) => expr.includes(name));
        expect({ expr, ok: known && (shared || figuresIn(expr).length > 0) }).toEqual({ expr, ok: true });
      }
    }
  });
});
