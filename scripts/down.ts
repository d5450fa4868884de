import { runCommand } from './lib/command.ts';
import { bringDown } from './lib/stack/local-stack.ts';

await runCommand(
  {
    name: 'down',
    does: 'Stops exactly what `npm run up` started here. With nothing running it has nothing to do.',
    options: { wipe: { type: 'boolean' } },
    help: { wipe: 'also remove the data of the servers and the logs' },
  },
  async ({ values, json, say, emit }) => {
    const stopped = await bringDown({ wipe: values.wipe === true });
    if (json) emit({ stopped });
    else say(stopped.length === 0 ? 'nothing was running' : `stopped ${stopped.join(', ')}`);
  },
);
