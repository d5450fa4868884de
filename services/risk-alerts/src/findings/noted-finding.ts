/** A finding with the numbers that its rows go by. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FindingSchema, type Finding } from '@fangpin/contracts';
import { InvalidValue, isUuid, originOf } from '@fangpin/domain-kit';
import { findingFacts, type FindingFacts } from './finding-facts.js';

export interface NotedFinding {
  readonly facts: FindingFacts;
  /** Of the finding and its cause. */
  readonly origin: number;
  readonly householdId: number;
  readonly dutyCode: number;
  /** Empty where it came singly. */
  readonly batchId: string;
  /** The event's bytes, as they are kept. */
  readonly bytes: Buffer;
}

/** Reads a finding; refuses ids and numbers that no row can hold, and what {@link findingFacts} refuses, naming the field. */
export function notedFinding(finding: Finding): NotedFinding {
  if (!isUuid(finding.findingId)) throw new InvalidValue('findingId', finding.findingId, 'must be a UUID');
  for (const field of ['householdId', 'dutyCode', 'revision'] as const)
    if (finding[field] < 1n || finding[field] > BigInt(Number.MAX_SAFE_INTEGER))
      throw new InvalidValue(field, String(finding[field]), 'must be a positive safe integer');
  const facts = findingFacts(finding);
  return {
    facts,
    origin: originOf(finding.findingId, facts.kind.cause),
    householdId: Number(finding.householdId),
    dutyCode: Number(finding.dutyCode),
    batchId: finding.batchId,
    bytes: Buffer.from(toBinary(FindingSchema, finding)),
  };
}

export function storedFinding(bytes: Buffer): NotedFinding {
  return notedFinding(fromBinary(FindingSchema, bytes));
}

/** The highest revision of each finding, in order of id, so that two instances lock them in one order. */
export function latestOfEach(findings: readonly NotedFinding[]): NotedFinding[] {
  const byId = new Map<string, NotedFinding>();
  for (const finding of findings) {
    const { findingId, revision } = finding.facts;
    if ((byId.get(findingId)?.facts.revision ?? 0) < revision) byId.set(findingId, finding);
  }
  return [...byId.values()].sort((a, b) => (a.facts.findingId < b.facts.findingId ? -1 : 1));
}
