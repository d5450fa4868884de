import { HttpClient } from './lib/client/http-client.ts';
import { runCommand } from './lib/command.ts';
import { explainedAlertOf } from './lib/demo/explained-alert.ts';
import { DEMO_COUNTY } from './lib/demo/inputs.ts';
import { demoLine, demoText } from './lib/demo/report.ts';
import { runDemo } from './lib/demo/run-demo.ts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { lastFullMonth, loadPlan, planSeed } from './lib/seed/index.ts';
import { bringUp } from './lib/stack/local-stack.ts';

await runCommand(
  {
    name: 'demo',
    does: 'Brings the stack up, fills a county and follows real shocks to alerts, check lists and cases. Leaves the stack up.',
    options: {},
    help: {},
  },
  async ({ json, say, emit }) => {
    const { stack } = await bringUp(say);
    const plan = planSeed({ region: parseRegionCode(DEMO_COUNTY), asOf: lastFullMonth(new Date()) });
    say(
      `永仁县 Yongren (${DEMO_COUNTY}): ${plan.households.toLocaleString('en')} households, made up after published figures`,
    );
    const { households } = await loadPlan(plan, stack, say);

    // An operator may post for any area and may have old input judged as of its own day.
    const client = new HttpClient(stack.gateway, await stack.token({ role: 'operator', region: '00' }));
    const result = await runDemo(client, say);
    const line = demoLine(households, result);
    if (json) emit(line);
    else {
      const last = result.shocks.at(-1);
      const alert = last && (await explainedAlertOf(client, last.shock.id));
      process.stdout.write(demoText(result, alert, stack.gateway));
    }
    return line.ok;
  },
);
