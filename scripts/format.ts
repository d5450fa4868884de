import { runCommand } from './lib/command.ts';
import { runTool } from './lib/tool.ts';

await runCommand(
  { name: 'format', does: 'Rewrites every file in the project’s format.', options: {}, help: {} },
  async () => {
    const formatted = await runTool('prettier', ['--write', '--log-level', 'warn', '.']);
    return (await runTool('buf', ['format', '--write'])) && formatted;
  },
);
