import type { SourceDeclaration } from './source-declaration.js';

export interface SourceSettings {
  readonly declared: readonly SourceDeclaration[];
  /** How often a process looks for what is due; 0: it polls only what an operator asks for. */
  readonly lookEverySeconds: number;
}

/** Without a file nothing is polled. */
export const noSources: SourceSettings = { declared: [], lookEverySeconds: 0 };
