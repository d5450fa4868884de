import { runCommand } from './lib/command.ts';
import { runTool } from './lib/tool.ts';

await runCommand(
  { name: 'typecheck', does: 'Checks the types of the whole tree; writes nothing.', options: {}, help: {} },
  () => runTool('tsc', ['--noEmit', '-p', 'tsconfig.json']),
);
