import { createHash } from 'node:crypto';

/** A statement that each connection parses once; see {@link prepared}. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * For statements of the live path: a connection parses, rewrites (row security is part of that) and after some runs plans the text
 * once, and not each time. For inserts and single keys: a plan that is kept is made without a look at the parameters, and perhaps
 * when the table was empty, so that whatever looks up sets in a table that grows is planned anew. Few texts: each is kept for good.
 */
export function prepared(text: string): Statement {
  return { name: createHash('sha256').update(text).digest('hex').slice(0, 32), text };
}
