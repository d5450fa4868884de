import { InvalidFields } from '@fangpin/domain-kit';
import { problemsOfChanges, type PolicyChange, type PolicySet } from '@fangpin/policy';
import type { PolicyChangeRequest } from './policy-change.request.js';

/** Whether a shock may go elsewhere under the values. */
export const changesLanes = (changes: readonly PolicyChange[]): boolean => changes.some(({ key }) => key === 'lane');

/** The values that a request tries out, checked against the policy in force. Refuses bad ones, naming each (400). */
export function checkedChanges(
  policy: PolicySet,
  requested: readonly PolicyChangeRequest[] = [],
): readonly PolicyChange[] {
  const changes = requested.map(({ key, subject, region, value }) => ({
    key,
    ...(subject === undefined ? {} : { subject }),
    ...(region === undefined ? {} : { region }),
    value,
  }));
  const problems = problemsOfChanges(policy, changes);
  if (problems.length > 0) throw new InvalidFields(problems);
  return changes;
}
