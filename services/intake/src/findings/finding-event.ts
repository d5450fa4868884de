import { create } from '@bufbuild/protobuf';
import { FindingSchema, topics } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { isMatched, type Finding, type FindingFacts } from './finding.js';
import { personOf, subjectOf } from './finding-subject.js';
import { fieldsOfKind } from './kind-fields.js';

/** A revision of a finding as a message of the finding topic; its key is the household's id. Refuses one without a household. */
export function findingMessage(finding: Finding): OutgoingMessage {
  const { findingId, revision, department, named, facts, state, match, batchId, updatedAt } = finding;
  if (!isMatched(match)) throw new RangeError(`finding ${findingId} has no household`);
  const data = create(FindingSchema, {
    findingId,
    revision: BigInt(revision),
    householdId: BigInt(match.householdId),
    dutyCode: BigInt(match.dutyCode),
    kind: facts.kind,
    state,
    occurredOn: facts.occurredOn,
    department,
    batchId: batchId ?? '',
    spentFen: BigInt(facts.spentFen),
    refundedFen: BigInt(facts.refundedFen),
    spentSince: fieldsOfKind(facts.kind).amounts === 'must' ? facts.period : '',
    ofEarner: facts.ofEarner,
    days: facts.days,
    houseGrade: facts.houseGrade,
    subject: BigInt(subjectOf(named, facts)),
    person: BigInt(personOf(named, match.householdId)),
    beganOn: beganOn(facts),
  });
  return encodeEvent(topics.finding, data, { key: String(match.householdId), at: updatedAt });
}

/** Where no first day was stated the period is the day of the finding: nobody knows since when, and next month's list names another. */
function beganOn({ kind, period, occurredOn }: FindingFacts): string {
  return fieldsOfKind(kind).amounts !== 'must' && period < occurredOn ? period : '';
}
