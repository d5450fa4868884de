export { Access, CurrentCaller, Public } from './access/access.decorators.js';
export { RoleRefused, Unauthenticated } from './access/access.errors.js';
export { assertWithin } from './access/assert-within.js';
export { LOCAL_ISSUER } from './access/key-sources.js';
export { householdReaders, roles, type Caller, type Role } from './access/roles.js';
export { AUDIENCE, TokenVerifier } from './access/token-verifier.js';
export { createServiceApp, type ServiceAppOptions } from './boot/create-service-app.js';
export { runService } from './boot/run-service.js';
export { createLogger, describeError } from './context/logger.js';
export {
  currentCorrelationId,
  currentTraceparent,
  withNewContext,
  type RequestContext,
} from './context/request-context.js';
export { baseEnvFrom, coreEnvFrom, readBaseEnv, type BaseEnv, type CoreEnv } from './env/base-env.js';
export { EnvironmentInvalid, EnvReader } from './env/env-reader.js';
export { epochOf } from './epoch.js';
export { etagOf, PreconditionFailed, PreconditionRequired, requireMatch } from './etag.js';
export { ReadinessCheck, type ProbeResult, type ReadinessProbe } from './health/readiness-probe.js';
export {
  checkIdempotencyKey,
  idempotent,
  IdempotencyKeyReused,
  type Answer,
  type IdempotentRequest,
} from './idempotency/idempotent.js';
export { idempotentSet } from './idempotency/idempotent-set.js';
export { identityHash, identityKeyFrom, identityKeyOf, type IdentityKey } from './identity/identity-key.js';
export { GroupCommit, type GroupLimits } from './jobs/group-commit.js';
export { TooBusy } from './jobs/too-busy.js';
export { Rounds } from './jobs/rounds.js';
export {
  letJobsLapse,
  sayThatVersionIsHere,
  versionJobsEnvFrom,
  type VersionHere,
  type VersionJobsEnv,
} from './jobs/version-jobs.js';
export type { EdgeOptions, KitOptions, ProcessName, ServiceOptions } from './kit-options.js';
export { EventConsumer } from './messaging/event-consumer.js';
export { ServiceConsumers } from './messaging/service-consumers.js';
export { createCounter, createGauge } from './metrics/metrics.js';
export { serviceKitMigrationsDir } from './migrations-dir.js';
export { completeDocument } from './openapi/complete-document.js';
export { openApiDocumentOf } from './openapi/serve-openapi.js';
export { decodeCursor, encodeCursor, type CursorKey } from './paging/cursor.js';
export { page, PageQuery, readPage, type Page, type PageRequest } from './paging/page.js';
export { HttpRefusal } from './problems/http-refusal.js';
export { IsDayText, IsNoIdNumber, IsPlainText, IsRegionCodeText, NamesNobody } from './problems/field-rules.js';
export { MayBeAbsent } from './problems/may-be-absent.js';
export { PathUuid } from './problems/path-uuid.js';
export { PROBLEM_CONTENT_TYPE, problemOf, type Problem, type ProblemBody } from './problems/problem.js';
export { BodyTooLarge, refusalOf } from './problems/refusal-of.js';
export { keepConnection, sendProblem } from './problems/send-problem.js';
export { fieldProblemsOf } from './problems/validation.js';
export { ExposureOwner, type OwnerAnswer } from './reconciliation/exposure-owner.js';
export { HeldVillages } from './reconciliation/held-villages.js';
export { ServiceKitModule } from './service-kit.module.js';
export { BUS, CLOCK, ENV, LOGGER, METRICS, WRITER } from './tokens.js';
export type { Logger } from 'pino';
export type { Registry } from 'prom-client';
