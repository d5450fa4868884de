import { spawn } from 'node:child_process';
import { inRepository, repositoryRoot } from './paths.ts';

export interface ToolRun {
  env?: NodeJS.ProcessEnv;
  /** Output is kept back and shown on standard error only when the tool fails. */
  quiet?: boolean;
}

/** Runs a program of node_modules/.bin in the clone's root; its output goes to standard error. Answers whether it passed. */
export function runTool(name: string, args: readonly string[], { env, quiet = false }: ToolRun = {}): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(inRepository('node_modules', '.bin', name), args, {
      cwd: repositoryRoot,
      env: env ?? process.env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
    });
    const kept: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => kept.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(kept));
      resolve(code === 0);
    });
  });
}
