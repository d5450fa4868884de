import type { LetterFilter } from '@fangpin/messaging';
import { UsageError } from '../command.ts';
import { serviceNames, type ServiceName } from '../stack/services.ts';

const ACTIONS = ['list', 'show', 'replay', 'drop'] as const;
export type ReplayAction = (typeof ACTIONS)[number];

export interface ReplayArguments {
  action: ReplayAction;
  services: readonly ServiceName[];
  filter: LetterFilter;
}

/** Services with a database, so with letters. */
const CONSUMERS = serviceNames.filter((name) => name !== 'gateway');

/** What a command line asks for; refuses to change letters that are not clearly named. */
export function readReplayArguments(
  positionals: readonly string[],
  values: {
    service?: string | undefined;
    id?: string | undefined;
    key?: string | undefined;
    all?: boolean | undefined;
  },
): ReplayArguments {
  const action = ACTIONS.find((name) => name === positionals[0]);
  if (!action || positionals.length > 1) throw new UsageError(`say one of ${ACTIONS.join(', ')}`);
  const service = CONSUMERS.find((name) => name === values.service);
  if (values.service !== undefined && !service)
    throw new UsageError(`--service takes one of ${CONSUMERS.join(', ')}, not ${values.service}`);
  const id = idOf(values.id);
  if (action === 'show' && id === undefined) throw new UsageError('show needs --id');
  if (action === 'replay' || action === 'drop') {
    if (!service) throw new UsageError(`${action} needs --service`);
    if (id === undefined && values.key === undefined && !values.all)
      throw new UsageError(`${action} needs --id, --key or --all`);
  }
  return {
    action,
    services: service ? [service] : CONSUMERS,
    filter: {
      ...(id !== undefined && { id }),
      ...(values.key !== undefined && { key: values.key }),
      ...(values.all && { all: true }),
    },
  };
}

function idOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`--id takes a letter's number, not ${text}`);
  return Number(text);
}
