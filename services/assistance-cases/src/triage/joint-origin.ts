/** Alerts of what several causes are together, as SQL tells them from others. */
import { JOINT_CAUSE } from '@fangpin/contracts';

/** `origin`: a column. Such an alert is withdrawn once what it adds up has been answered. */
export const isJoint = (origin: string): string =>
  `EXISTS (SELECT FROM triage_refs j WHERE j.origin = ${origin} AND j.cause = '${JOINT_CAUSE}')`;
