/** Reads what a step carries, against what its action requires. */
import type { FieldProblem } from '@fangpin/domain-kit';
import { readBody } from '../../http/read-body.js';
import { checkerProblems, dayProblems } from '../../http/visit-rules.js';
import { caseActions, type Requirement } from '../case-actions.js';
import type { CaseAction } from '../case-lifecycle.js';
import { TakeStepRequest } from '../dto/take-step.request.js';

const LEAST_CHECKERS = 2;

const isMissing: Readonly<Record<Requirement, (request: TakeStepRequest) => FieldProblem[]>> = {
  reason: ({ reason }) => (reason ? [] : [{ field: 'reason', value: null, rule: 'is required by this action' }]),
  checkers: ({ checkers }) => checkerProblems(checkers, LEAST_CHECKERS),
  toldOn: ({ toldOn }) => (toldOn ? [] : [{ field: 'toldOn', value: null, rule: 'is required by this action' }]),
};

/** Names every field that is bad or missing (400). No body at all counts as an empty one. `earliest`: the first day on which anything can have been told. */
export function readStepBody(
  action: CaseAction,
  body: unknown,
  now: Date,
  earliest: string | undefined,
): Promise<TakeStepRequest> {
  return readBody(TakeStepRequest, body ?? {}, (request) => [
    ...caseActions[action].requires.flatMap((requirement) => isMissing[requirement](request)),
    ...dayProblems('toldOn', request.toldOn, now, earliest),
  ]);
}
