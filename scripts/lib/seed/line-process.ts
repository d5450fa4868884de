/** A child process that takes lines on standard input and answers lines on standard output. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Failure } from '../failure.ts';

export interface LineProcess {
  /** Resolves when the process takes more; rejects once it has failed. */
  write(line: string): Promise<void>;
  end(): void;
  readonly lines: AsyncIterable<string>;
  /** Resolves when it has ended well; rejects with a {@link Failure} otherwise. */
  readonly ended: Promise<void>;
}

/** Starts a Node program; what it writes to standard error is shown on ours. */
export function startLineProcess(name: string, file: string, env: Readonly<Record<string, string>>): LineProcess {
  // kafkajs 2.2.4 sets timers in the past, which Node 24 corrects and warns of.
  const flags = ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning'];
  const child = spawn(process.execPath, [...flags, file], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = (async (): Promise<void> => {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (code !== 0) throw new Failure(`${name} ended with ${signal ?? `status ${code}`}; see above`);
  })();
  // Awaited by the caller at its end; until then a failure shows in writes that do not go through.
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  return {
    async write(line) {
      if (child.stdin.write(`${line}\n`)) return;
      try {
        await once(child.stdin, 'drain');
      } catch {
        // The pipe broke because the process has ended: how it ended is what matters.
        await ended;
      }
    },
    end: () => void child.stdin.end(),
    lines: createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }),
    ended,
  };
}
