import { runCommand } from './lib/command.ts';
import { Failure } from './lib/failure.ts';
import { prepare } from './lib/stack/prepare.ts';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Failure(`${name} is not set`);
  return value;
}

await runCommand(
  {
    name: 'prepare',
    calledAs: 'node scripts/run.mjs prepare',
    does:
      'Migrates every database and makes roles and topics on the servers named by DATABASE_URL (superuser) and ' +
      'KAFKA_BROKERS; the roles get the password FANGPIN_ROLE_PASSWORD. For servers that `npm run up` did not start.',
    options: {},
    help: {},
  },
  async ({ say }) => {
    await prepare({
      adminUrl: required('DATABASE_URL'),
      kafkaBrokers: required('KAFKA_BROKERS'),
      password: required('FANGPIN_ROLE_PASSWORD'),
      say,
    });
  },
);
