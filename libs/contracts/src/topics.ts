/**
 * The topic catalogue: the one place where a topic's name, key, size, keeping, owner and followers are written down. A
 * service refuses to start when a topic names it as a consumer and it has none (or the other way round).
 */
import type { GenMessage } from '@bufbuild/protobuf/codegenv2';
import type { Message } from '@bufbuild/protobuf';
import { AlertBatchSchema, type AlertBatch } from './gen/fangpin/alerts/v1/alert_pb.js';
import { ExposureQuestionSchema, type ExposureQuestion } from './gen/fangpin/alerts/v1/exposure_question_pb.js';
import { AnswerTallySchema, type AnswerTally } from './gen/fangpin/alerts/v1/reconciliation_pb.js';
import { CaseEventSchema, type CaseEvent } from './gen/fangpin/cases/v1/case_pb.js';
import { VillageAnswerSchema, type VillageAnswer } from './gen/fangpin/cases/v1/village_answer_pb.js';
import { IncomeAssessmentSchema, type IncomeAssessment } from './gen/fangpin/income/v1/assessment_pb.js';
import { AssessmentsTalliedSchema, type AssessmentsTallied } from './gen/fangpin/income/v1/tally_pb.js';
import { FindingSchema, type Finding } from './gen/fangpin/intake/v1/finding_pb.js';
import { HouseholdProfileSchema, type HouseholdProfile } from './gen/fangpin/registry/v1/household_pb.js';
import { HouseholdIdentitiesSchema, type HouseholdIdentities } from './gen/fangpin/registry/v1/identity_pb.js';
import { HouseholdsTalliedSchema, type HouseholdsTallied } from './gen/fangpin/registry/v1/tally_pb.js';
import { ShockSchema, type Shock } from './gen/fangpin/shocks/v1/shock_pb.js';

export type ServiceName =
  'household-registry' | 'income-monitoring' | 'shock-feeds' | 'risk-alerts' | 'assistance-cases' | 'intake';

export interface Topic<T extends Message = Message> {
  readonly name: string;
  /** What the key is; all messages of a key stay in one partition. */
  readonly key: 'household' | 'shock' | 'township' | 'village and shock';
  readonly partitions: number;
  /** `compact` keeps the last state of each key; a number keeps all for so many days. */
  readonly keep: 'compact' | { readonly days: number };
  /**
   * `state`: a message replaces earlier ones of its key, a parked one is overtaken by the next. `fact`: each counts, and
   * later ones of a key wait behind a parked one.
   */
  readonly nature: 'state' | 'fact';
  /**
   * `bulk`: what may wait (a backfill, a sweep, a policy applied backwards). It is consumed by a runner of its own that gives
   * way to the live one, and published after what is live; live where nothing is said.
   */
  readonly lane?: 'bulk';
  /**
   * Consumers for which all that they hear else comes first: they take it in by a runner and a group of its own ({@link consumerGroupOf}), which
   * gives way to the live one as that of the bulk lane does, and holds up neither.
   */
  readonly apartFor?: readonly ServiceName[];
  readonly owner: ServiceName;
  readonly consumers: readonly ServiceName[];
  /** CloudEvents `type`, constant per topic. */
  readonly eventType: string;
  readonly schema: GenMessage<T>;
}

export const topics = {
  household: {
    name: 'registry.household.v1',
    key: 'household',
    partitions: 6,
    keep: 'compact',
    nature: 'state',
    owner: 'household-registry',
    consumers: ['income-monitoring', 'risk-alerts', 'assistance-cases'],
    // Of all households it asks only who has left: an import or a rebuild of the topic must keep no alert waiting.
    apartFor: ['assistance-cases'],
    eventType: 'fangpin.registry.household-profile.v1',
    schema: HouseholdProfileSchema,
  } satisfies Topic<HouseholdProfile>,
  identity: {
    name: 'registry.identity.v1',
    key: 'household',
    partitions: 6,
    keep: 'compact',
    nature: 'state',
    owner: 'household-registry',
    // Whoever hears it can tell who is in the register once it has the key: a topic apart, for those that match people.
    consumers: ['intake'],
    eventType: 'fangpin.registry.household-identities.v1',
    schema: HouseholdIdentitiesSchema,
  } satisfies Topic<HouseholdIdentities>,
  assessment: {
    name: 'income.assessment.v1',
    key: 'household',
    partitions: 6,
    keep: 'compact',
    nature: 'state',
    owner: 'income-monitoring',
    consumers: ['risk-alerts'],
    eventType: 'fangpin.income.assessment.v1',
    schema: IncomeAssessmentSchema,
  } satisfies Topic<IncomeAssessment>,
  shock: {
    name: 'shocks.shock.v1',
    key: 'shock',
    partitions: 3,
    keep: 'compact',
    nature: 'state',
    owner: 'shock-feeds',
    consumers: ['risk-alerts', 'assistance-cases'],
    eventType: 'fangpin.shocks.shock.v1',
    schema: ShockSchema,
  } satisfies Topic<Shock>,
  alert: {
    name: 'alerts.alert.v1',
    key: 'township',
    partitions: 6,
    keep: { days: 14 },
    nature: 'state',
    owner: 'risk-alerts',
    consumers: ['assistance-cases'],
    eventType: 'fangpin.alerts.alert-batch.v1',
    schema: AlertBatchSchema,
  } satisfies Topic<AlertBatch>,
  alertBulk: {
    name: 'alerts.alert-bulk.v1',
    key: 'township',
    partitions: 6,
    keep: { days: 14 },
    nature: 'state',
    lane: 'bulk',
    owner: 'risk-alerts',
    consumers: ['assistance-cases'],
    eventType: 'fangpin.alerts.alert-batch.v1',
    schema: AlertBatchSchema,
  } satisfies Topic<AlertBatch>,
  answerTally: {
    name: 'alerts.answer-tally.v1',
    key: 'township',
    partitions: 3,
    keep: { days: 3 },
    nature: 'state',
    owner: 'risk-alerts',
    consumers: ['assistance-cases'],
    eventType: 'fangpin.alerts.answer-tally.v1',
    schema: AnswerTallySchema,
  } satisfies Topic<AnswerTally>,
  exposureQuestion: {
    name: 'alerts.exposure-question.v1',
    key: 'township',
    partitions: 3,
    keep: { days: 3 },
    nature: 'state',
    lane: 'bulk',
    owner: 'risk-alerts',
    consumers: ['household-registry', 'income-monitoring'],
    eventType: 'fangpin.alerts.exposure-question.v1',
    schema: ExposureQuestionSchema,
  } satisfies Topic<ExposureQuestion>,
  householdTally: {
    name: 'registry.household-tally.v1',
    key: 'township',
    partitions: 3,
    keep: { days: 3 },
    nature: 'state',
    lane: 'bulk',
    owner: 'household-registry',
    consumers: ['risk-alerts'],
    eventType: 'fangpin.registry.household-tally.v1',
    schema: HouseholdsTalliedSchema,
  } satisfies Topic<HouseholdsTallied>,
  assessmentTally: {
    name: 'income.assessment-tally.v1',
    key: 'township',
    partitions: 3,
    keep: { days: 3 },
    nature: 'state',
    lane: 'bulk',
    owner: 'income-monitoring',
    consumers: ['risk-alerts'],
    eventType: 'fangpin.income.assessment-tally.v1',
    schema: AssessmentsTalliedSchema,
  } satisfies Topic<AssessmentsTallied>,
  case: {
    name: 'cases.case.v1',
    key: 'township',
    partitions: 6,
    keep: { days: 14 },
    nature: 'state',
    owner: 'assistance-cases',
    consumers: ['risk-alerts'],
    eventType: 'fangpin.cases.case-event.v1',
    schema: CaseEventSchema,
  } satisfies Topic<CaseEvent>,
  finding: {
    name: 'intake.finding.v1',
    key: 'household',
    partitions: 6,
    // A household may have several findings: compaction by the household would forget all but the last of them.
    keep: { days: 90 },
    nature: 'state',
    owner: 'intake',
    consumers: ['risk-alerts'],
    eventType: 'fangpin.intake.finding.v1',
    schema: FindingSchema,
  } satisfies Topic<Finding>,
  villageAnswer: {
    name: 'cases.village-answer.v1',
    // A village answers many notices: compaction by the village alone would forget all but the last of them.
    key: 'village and shock',
    partitions: 3,
    keep: 'compact',
    nature: 'state',
    owner: 'assistance-cases',
    consumers: ['shock-feeds'],
    eventType: 'fangpin.cases.village-answer.v1',
    schema: VillageAnswerSchema,
  } satisfies Topic<VillageAnswer>,
} as const;

/** `live`: somebody waits for it. `bulk`: a backfill, a batch, a sweep or a policy applied backwards; never in the way of the first. */
export type AlertLane = 'live' | 'bulk';

/** Where alerts of a lane are published. Revisions, not offsets, decide between what both topics say of one alert. */
export function alertTopicOf(lane: AlertLane): Topic<AlertBatch> {
  return lane === 'bulk' ? topics.alertBulk : topics.alert;
}

/** The group under which a service takes in a topic: its own, that of its bulk lane, or one for this topic alone. Those that may wait end in `.bulk`. */
export function consumerGroupOf({ name, lane, apartFor }: Topic, service: ServiceName): string {
  if (apartFor?.includes(service)) return `${service}.${name.split('.')[1]}.bulk`;
  return lane === 'bulk' ? `${service}.bulk` : service;
}

export const topicCatalogue: readonly Topic[] = Object.values(topics) as unknown as readonly Topic[];
