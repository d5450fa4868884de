import { existsSync } from 'node:fs';
import { nxEnvironment } from './lib/build.ts';
import { runCommand } from './lib/command.ts';
import { inRepository } from './lib/paths.ts';
import { runTool } from './lib/tool.ts';

/** The released wire contracts; what is sent today must stay readable to those who were built against it. */
const IMAGE = 'proto/fangpin.image.binpb';

await runCommand(
  {
    name: 'lint',
    does: 'Checks code (rules, boundaries, format) and contracts (style, no breaking change since the image).',
    options: { fix: { type: 'boolean' } },
    help: { fix: 'let ESLint repair what it can' },
  },
  async ({ values, say }) => {
    // The boundary rule reads Nx's picture of the projects from its cache, and without one it would check nothing.
    if (!(await runTool('nx', ['show', 'projects'], { env: nxEnvironment, quiet: true }))) return false;
    const checks: [string, string, string[]][] = [
      ['eslint', 'eslint', ['.', ...(values.fix ? ['--fix'] : [])]],
      ['prettier', 'prettier', ['--check', '--log-level', 'warn', '.']],
      ['buf lint', 'buf', ['lint']],
      ['buf format', 'buf', ['format', '--diff', '--exit-code']],
    ];
    if (existsSync(inRepository(IMAGE))) checks.push(['buf breaking', 'buf', ['breaking', '--against', IMAGE]]);
    // All of them, so that one run shows everything there is to repair.
    let passed = true;
    for (const [title, tool, args] of checks) {
      const ok = await runTool(tool, args, { env: nxEnvironment });
      say(`${ok ? 'ok    ' : 'FAILED'} ${title}`);
      passed &&= ok;
    }
    return passed;
  },
);
