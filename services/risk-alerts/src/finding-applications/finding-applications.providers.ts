/** Policies applied backwards to findings; named by the app module. */
import type { Provider } from '@nestjs/common';
import { ApplyToFindings } from './apply-to-findings.js';
import { CarryOutFindings } from './carry-out-findings.js';
import { ReadFindingApplications } from './read-applications.js';

export const findingApplicationProviders: Provider[] = [ApplyToFindings, CarryOutFindings, ReadFindingApplications];
