import { roles, type Role } from '@fangpin/service-kit';

/** Who reads cases and check lists: everybody with an area, but not the systems that only push. */
export const caseReaders: readonly Role[] = roles.filter(
  (role) => role !== 'department-client' && role !== 'hotline-operator',
);
