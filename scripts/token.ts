import { join } from 'node:path';
import { runCommand } from './lib/command.ts';
import { ensureLocalKeys, signToken } from './lib/local-keys.ts';
import { stateFolder } from './lib/paths.ts';
import { roles } from '@fangpin/domain-kit';
import { readTokenArguments } from './lib/token-claims.ts';

await runCommand(
  {
    name: 'token',
    does: 'Prints a bearer token that the local stack accepts, and nothing else.',
    options: {
      role: { type: 'string' },
      region: { type: 'string' },
      department: { type: 'string' },
      subject: { type: 'string' },
      hours: { type: 'string' },
    },
    help: {
      role: `one of ${roles.join(', ')}`,
      region: 'the area it reaches: a code of 2, 4, 6, 9, 12 or 15 digits, 00 for the whole country',
      department: 'for department-client: civil-affairs, health, water …',
      subject: 'who holds it; local-ROLE by default',
      hours: 'how long it lasts; 12 by default',
    },
  },
  async ({ values }) => {
    const claims = readTokenArguments(values);
    const keys = await ensureLocalKeys(join(stateFolder, 'keys'));
    process.stdout.write(`${await signToken(keys, claims)}\n`);
  },
);
