import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, topics, type CaseEvent } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '../../src/index.js';

/** An event about one household; only its identity matters to these specs. */
export function caseEvent(household: number): CaseEvent {
  return create(CaseEventSchema, {
    body: { case: 'triage', value: { shockId: 'shock', householdIds: [BigInt(household)] } },
  });
}

export function caseMessage(key: string, household: number): OutgoingMessage {
  return encodeEvent(topics.case, caseEvent(household), { key });
}
