import { parseRegionCode } from '@fangpin/domain-kit';
import { runCommand, UsageError } from './lib/command.ts';
import { lastFullMonth, loadPlan, planSeed, type SeedPlan } from './lib/seed/index.ts';
import { bringUp } from './lib/stack/local-stack.ts';

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,7}$/.test(text)) throw new UsageError(`--${name} takes a positive whole number, not ${text}`);
  return Number(text);
}

interface SeedOptions {
  county?: string | undefined;
  region?: string | undefined;
  households?: string | undefined;
  persons?: string | undefined;
  seed?: string | undefined;
  'as-of'?: string | undefined;
}

/** The plan that a command line asks for; refuses what cannot be planned as a mistake of the caller's. */
function planOf(values: SeedOptions): SeedPlan {
  const area = values.county ?? values.region;
  if (area === undefined || (values.county !== undefined && values.region !== undefined))
    throw new UsageError('say which area: --county 532327, or --region 5309 for any other level');
  if (values.county !== undefined && !/^\d{6}$/.test(values.county))
    throw new UsageError(`--county takes a county's six digits, not ${values.county}`);
  const households = wholeNumber('households', values.households);
  const persons = wholeNumber('persons', values.persons);
  try {
    return planSeed({
      region: parseRegionCode(area),
      ...(households === undefined ? {} : { households }),
      ...(persons === undefined ? {} : { persons }),
      ...(values.seed === undefined ? {} : { seed: values.seed }),
      asOf: values['as-of'] ?? lastFullMonth(new Date()),
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

await runCommand(
  {
    name: 'seed',
    does: 'Fills the register and the income ledger with made-up households of an area, calibrated to published figures.',
    options: {
      county: { type: 'string' },
      region: { type: 'string' },
      households: { type: 'string' },
      persons: { type: 'string' },
      seed: { type: 'string' },
      'as-of': { type: 'string' },
    },
    help: {
      county: 'code of a county, for example 532327',
      region: 'code of a township, county or prefecture instead',
      households: 'how many; the published number where there is one',
      persons: 'how many; the published number, or 3.55 a household',
      seed: 'another text gives other households of the same shape',
      'as-of': 'last month with income, YYYY-MM; the last full one when not told',
    },
  },
  async ({ values, json, say, emit }) => {
    const plan = planOf(values);
    const { stack } = await bringUp(say);
    say(`seeding ${plan.households.toLocaleString('en')} households into ${plan.villages.length} villages …`);
    const totals = await loadPlan(plan, stack, say);
    if (json) emit(totals);
    else {
      const [households, persons] = [totals.households, totals.persons].map((n) => n.toLocaleString('en'));
      process.stdout.write(`${households} households with ${persons} persons live in ${totals.villages} villages.\n`);
    }
  },
);
