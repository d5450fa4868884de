/** The two owners of what the exposure holds: household-registry of profiles, income-monitoring of assessments. */
import { ExposureSubject } from '@fangpin/contracts';

export type Subject = 'households' | 'assessments';

export const SUBJECTS: readonly Subject[] = ['households', 'assessments'];

export const SUBJECT_CODES: Readonly<Record<Subject, ExposureSubject>> = {
  households: ExposureSubject.HOUSEHOLDS,
  assessments: ExposureSubject.ASSESSMENTS,
};
