import { runCommand } from './lib/command.ts';
import { runTool } from './lib/tool.ts';

await runCommand(
  { name: 'contracts', does: 'Generates libs/contracts/src/gen from proto/.', options: {}, help: {} },
  () => runTool('buf', ['generate']),
);
