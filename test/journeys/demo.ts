import { describe, expect, it } from '@jest/globals';
import { explainedAlertOf } from '../../scripts/lib/demo/explained-alert.ts';
import { demoLine, demoText } from '../../scripts/lib/demo/report.ts';
import { runDemo } from '../../scripts/lib/demo/run-demo.ts';
import type { World } from './world.ts';

export function demo(world: () => World): void {
  describe('the demo', () => {
    const silent = (): void => undefined;

    it('leads real prices and a constructed damage report to households, and a warning to a notice', async () => {
      const first = await runDemo(world().operator, silent);
      const line = demoLine(0, first);
      expect(line).toMatchObject({
        shocks: [{ kind: 'price-fall' }, { kind: 'rainstorm' }],
        notices: [{ kind: 'rainstorm', level: 'red', regions: ['532327'] }],
        ok: true,
      });
      for (const shock of line.shocks) expect(shock.alerts).toBeGreaterThan(0);
      expect(first.shocks[1]?.shock.source).toContain('构造');

      // Sent again, it doubles nothing and shows the same, to the second.
      expect(demoLine(0, await runDemo(world().operator, silent))).toEqual(line);

      const alert = await explainedAlertOf(world().operator, line.shocks[1]?.shockId ?? '');
      const shown = demoText(first, alert, world().stack.gateway);
      expect(shown).toContain(alert?.explanation.text);
      expect(shown).toContain('npm run down');
    });
  });
}
