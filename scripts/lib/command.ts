import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { Failure } from './failure.ts';

export interface CommandSpec<O extends ParseArgsOptionsConfig> {
  name: string;
  /** How it is called, where it is no npm script. */
  calledAs?: string;
  /** One sentence. */
  does: string;
  options: O;
  /** How each option is explained; `--json` and `--help` are added. */
  help: Record<keyof O & string, string>;
  /** Names of positional arguments for the usage line, e.g. `NAME`. None are taken when absent. */
  positionals?: string;
}

type Values<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values'];

export interface Invocation<O extends ParseArgsOptionsConfig> {
  values: Values<O>;
  positionals: string[];
  json: boolean;
  /** Progress for people, on standard error: standard output is for the result. */
  say: (line: string) => void;
  /** One JSON line of the result. */
  emit: (value: unknown) => void;
}

/** Thrown for arguments that cannot be taken; the usage is printed with it. */
export class UsageError extends Failure {}

/** The usage text of a command. */
export function usageOf<O extends ParseArgsOptionsConfig>(spec: CommandSpec<O>): string {
  const options = Object.entries(spec.options).map(([name, { type }]): [string, string] => [
    `--${name}${type === 'string' ? ` ${name.toUpperCase()}` : ''}`,
    spec.help[name] ?? '',
  ]);
  options.push(['--json', 'standard output carries JSON lines only'], ['--help', 'this text']);
  const width = Math.max(...options.map(([flag]) => flag.length));
  const lines = options.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`);
  const positionals = spec.positionals ? ` ${spec.positionals}` : '';
  return `Usage: ${spec.calledAs ?? `npm run ${spec.name} --`}${positionals} [options]\n\n${spec.does}\n\n${lines.join('\n')}\n`;
}

/** Reads a command line strictly: an unknown option or a stray argument is refused by name. */
export function parseCommandLine<O extends ParseArgsOptionsConfig>(
  spec: CommandSpec<O>,
  args: readonly string[],
): Pick<Invocation<O>, 'values' | 'positionals' | 'json'> & { help: boolean } {
  const options = { ...spec.options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const parsed = parseArgs({
      args: [...args],
      options,
      allowPositionals: spec.positionals !== undefined,
      strict: true,
    });
    const values = parsed.values as Values<O> & { json?: boolean; help?: boolean };
    return { values, positionals: parsed.positionals, json: values.json === true, help: values.help === true };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function report(error: unknown, usage: string): void {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}`);
  else if (error instanceof Failure) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
}

/** Runs a command's body with its parsed arguments; sets a non-zero exit status when it throws or answers false. */
export async function runCommand<O extends ParseArgsOptionsConfig>(
  spec: CommandSpec<O>,
  body: (invocation: Invocation<O>) => Promise<boolean | void>,
): Promise<void> {
  try {
    const { help, ...parsed } = parseCommandLine(spec, process.argv.slice(2));
    if (help) {
      process.stdout.write(usageOf(spec));
      return;
    }
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const emit = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
    if ((await body({ ...parsed, say, emit })) === false) process.exitCode = 1;
  } catch (error) {
    report(error, usageOf(spec));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
