/** A statement as jsonb keeps it: instants as RFC 3339 text. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { Statement } from './chain.rule.js';
import type { ShockContent } from './shock.js';

type Stored<T> = {
  readonly [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};

export interface StoredStatement extends Omit<Stored<Statement>, 'content'> {
  readonly content?: Stored<ShockContent>;
}

export function storeStatement(statement: Statement): StoredStatement {
  const { content, sent, endsDueAt, ...rest } = statement;
  return {
    ...rest,
    sent: sent.toISOString(),
    endsDueAt: endsDueAt?.toISOString() ?? null,
    ...(content === undefined
      ? {}
      : {
          content: {
            ...content,
            onset: content.onset.toISOString(),
            expires: content.expires?.toISOString() ?? null,
          },
        }),
  };
}

export function readStatement(stored: StoredStatement): Statement {
  const { content, sent, endsDueAt, ...rest } = stored;
  return {
    ...rest,
    sent: new Date(sent),
    endsDueAt: endsDueAt === null ? null : new Date(endsDueAt),
    ...(content === undefined
      ? {}
      : {
          content: {
            ...content,
            regions: content.regions as readonly RegionCode[],
            onset: new Date(content.onset),
            expires: content.expires === null ? null : new Date(content.expires),
          },
        }),
  };
}
