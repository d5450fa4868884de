/** How a finding looks on the API: state and facts, nothing that names a person. */
import { DwellingGrade, findFindingKind, FindingState } from '@fangpin/contracts';
import { isWithin, toBeijingTime } from '@fangpin/domain-kit';
import type { FindingResponse } from './dto/finding.response.js';
import { isMatched, type Finding } from './finding.js';
import { fieldsOfKind } from './kind-fields.js';
import { unmatchedProblems } from './problems.js';

/** As somebody of an area sees it: a household that has moved out of that is not named. */
export function showFinding(finding: Finding, area: Finding['area']): FindingResponse {
  const { facts, match, withdrawnReason, batchId } = finding;
  const kind = findFindingKind(facts.kind);
  const asks = fieldsOfKind(facts.kind);
  return {
    id: finding.findingId,
    revision: finding.revision,
    department: finding.department,
    kind: kind?.key ?? '',
    kindName: kind?.name ?? '',
    state: finding.state === FindingState.WITHDRAWN ? 'withdrawn' : 'raised',
    matched: isMatched(match),
    ...(isMatched(match) && isWithin(match.dutyCode, area) ? { householdId: match.householdId } : {}),
    occurredOn: facts.occurredOn,
    since: facts.period,
    ...(asks.amounts === 'none' ? {} : { spentFen: facts.spentFen, refundedFen: facts.refundedFen }),
    ...(facts.days === 0 ? {} : { days: facts.days }),
    ...(asks.houseGrade === 'none' ? {} : { houseGrade: DwellingGrade[facts.houseGrade] ?? '' }),
    ...(asks.ofEarner === 'none' ? {} : { ofEarner: facts.ofEarner }),
    ...(batchId === undefined ? {} : { batchId }),
    ...(withdrawnReason === undefined ? {} : { withdrawnReason }),
    createdAt: toBeijingTime(finding.createdAt),
    updatedAt: toBeijingTime(finding.updatedAt),
    problems: isMatched(match) ? [] : [unmatchedProblems[match.unmatched]],
  };
}
