import { dropParked, listParked, replayParked, showParked } from '@fangpin/messaging';
import { runCommand } from './lib/command.ts';
import { Failure } from './lib/failure.ts';
import { letterJson, letterLine, letterText } from './lib/replay/letter-text.ts';
import { withLetters } from './lib/replay/letter-databases.ts';
import { readReplayArguments } from './lib/replay/replay-arguments.ts';

await runCommand(
  {
    name: 'replay',
    does:
      'Messages that a service could not apply: `list` them, `show` one, mark them for `replay` (the running service ' +
      'applies them within a second or so), or `drop` them. Works on DATABASE_URL, else on the stack that `npm run up` started.',
    options: {
      service: { type: 'string' },
      id: { type: 'string' },
      key: { type: 'string' },
      all: { type: 'boolean' },
    },
    help: {
      service: 'whose letters; list and show without it look through all services',
      id: 'one letter; ids are numbers of one service',
      key: 'letters of a key as `list` shows it, for example 532327101/4711, or of the message they came in',
      all: 'with list: resolved ones too; with replay and drop: every parked letter of the service',
    },
    positionals: 'list|show|replay|drop',
  },
  async ({ values, positionals, json, say, emit }) => {
    const { action, services, filter } = readReplayArguments(positionals, values);
    const print = (text: string): void => void process.stdout.write(`${text}\n`);
    let found = 0;
    await withLetters(services, async (service, database) => {
      if (action === 'list') {
        const letters = await listParked(database, filter);
        found += letters.length;
        for (const letter of letters) {
          if (json) emit({ service, ...letterJson(letter) });
          else print(letterLine(service, letter));
        }
      } else if (action === 'show') {
        const letter = filter.id === undefined ? undefined : await showParked(database, filter.id);
        if (!letter) return;
        found += 1;
        if (json) emit({ service, ...letterJson(letter) });
        else print(letterText(service, letter));
      } else {
        const ids = await (action === 'replay' ? replayParked : dropParked)(database, filter);
        found += ids.length;
        if (json) emit({ service, action, ids });
        else if (ids.length > 0)
          print(`${service}: ${ids.join(', ')} ${action === 'replay' ? 'marked for replay' : 'dropped'}`);
      }
    });
    if (found > 0) return;
    if (action !== 'list')
      throw new Failure('no such letter is parked; `npm run replay -- list --all` shows what there is');
    say('nothing is parked');
  },
);
