import { join } from 'node:path';
import { runCommand } from './lib/command.ts';
import { stateFolder } from './lib/paths.ts';
import { startServers, stopServers } from './lib/servers/index.ts';
import { testVariables } from './lib/testing/test-servers.ts';

const dir = join(stateFolder, 'test-servers');

await runCommand(
  {
    name: 'dev-servers',
    calledAs: 'node scripts/run.mjs dev-servers',
    does: 'Starts or finds one set of test servers and prints `export FANGPIN_TEST_…` lines for the shell: eval "$(node scripts/run.mjs dev-servers)".',
    options: { stop: { type: 'boolean' } },
    help: { stop: 'stop them and remove their data' },
  },
  async ({ values, json, say, emit }) => {
    if (values.stop) {
      await stopServers(dir, { wipe: true });
      return;
    }
    const variables = testVariables(await startServers({ dir, say }));
    if (json) emit(variables);
    else for (const [name, value] of Object.entries(variables)) process.stdout.write(`export ${name}=${value}\n`);
  },
);
