/** Which of the made-up firms a job is with, so that a lay-off finds somebody. */
import { checkCharacter } from '@fangpin/domain-kit';
import type { LivelihoodLine } from '../../../services/household-registry/src/bulk/household-line.ts';
import { EMPLOYED_ON_RECORD, firms } from './calibration.ts';
import type { Random } from './prng.ts';

const FIRST_JOB = 200;

/** The same livelihoods, some jobs with an employer. `random` is the household's own for this: nothing else may shift. */
export function withEmployers(livelihoods: readonly LivelihoodLine[], random: Random): readonly LivelihoodLine[] {
  return livelihoods.map((line) => {
    if (line.product < FIRST_JOB || !random.chance(EMPLOYED_ON_RECORD)) return line;
    const near = firms[line.placeCode] ?? firms['own-prefecture'] ?? [];
    const firm = near[random.between(0, near.length - 1)];
    return firm === undefined ? line : { ...line, employer: firm + checkCharacter(firm) };
  });
}
