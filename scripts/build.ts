import { build } from './lib/build.ts';
import { runCommand } from './lib/command.ts';

await runCommand(
  { name: 'build', does: 'Compiles every package whose sources changed into its dist folder.', options: {}, help: {} },
  async ({ say }) => {
    await build(say);
  },
);
