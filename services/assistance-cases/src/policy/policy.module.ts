import { Global, Module } from '@nestjs/common';
import { loadPolicy, type PolicySet } from '@fangpin/policy';
import { isListed } from '@fangpin/regions';
import { ENV, type BaseEnv } from '@fangpin/service-kit';
import { DueDates } from '../triage/due-dates.js';

/** The policy of this build with the operator's overlay; a fault in it stops the boot. */
export const POLICY = Symbol('assistance-cases:policy');

@Global()
@Module({
  providers: [
    {
      provide: POLICY,
      inject: [ENV],
      useFactory: ({ policyOverlay }: BaseEnv) =>
        loadPolicy({ overlayDirs: policyOverlay === undefined ? [] : [policyOverlay], isPlace: isListed }),
    },
    { provide: DueDates, inject: [POLICY], useFactory: (policy: PolicySet) => new DueDates(policy) },
  ],
  exports: [POLICY, DueDates],
})
export class PolicyModule {}
