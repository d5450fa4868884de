/** Ids of questions: made of what asks (a shock, and the how manyeth time it asks) and of the village. */
import { createHash } from 'node:crypto';
import { composeDerivedId, parseDerivedId } from '@fangpin/domain-kit';

export interface QuestionKey {
  readonly origin: number;
  /** Duty code of the village. */
  readonly dutyCode: number;
}

/** The first 52 bits of a hash; a clash is refused by the table of heard shocks. */
export function askOriginOf(shockId: string, round: number): number {
  const digest = createHash('sha256').update(`village question ${shockId}/${round}`).digest('hex');
  return Number.parseInt(digest.slice(0, 13), 16);
}

export const questionIdOf = ({ origin, dutyCode }: QuestionKey): string =>
  composeDerivedId({ origin, householdId: dutyCode });

/** Refuses what is no id of this system (400). */
export function parseQuestionId(id: string): QuestionKey {
  const { origin, householdId } = parseDerivedId(id);
  return { origin, dutyCode: householdId };
}
