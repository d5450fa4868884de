import { COUNTRY, findRegionCode, InvalidFields, type FieldProblem } from '@fangpin/domain-kit';
import { problemsOfChanges, type PolicyChange, type PolicySet } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
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
  const problems = [...problemsOfChanges(policy, changes), ...unknownPlaces(changes)];
  if (problems.length > 0) throw new InvalidFields(problems);
  return changes;
}

/** A slip in a place would be a value that holds nowhere, and an answer that nothing differs. */
function unknownPlaces(changes: readonly PolicyChange[]): FieldProblem[] {
  return changes.flatMap(({ region }, i) => {
    const code = region === undefined ? undefined : findRegionCode(region);
    if (code === undefined || code === COUNTRY || regionName(code) !== undefined) return [];
    return [{ field: `policy[${i}].region`, value: region, rule: 'must be a known region' }];
  });
}
