import type { Provider } from '@nestjs/common';
import { FollowHeldBack } from './follow-held-back.js';
import { JointOutboxSource } from './joint-outbox-source.js';
import { JudgeJointRisks } from './judge-joint-risks.js';
import { LetJointTimePass } from './let-joint-time-pass.js';
import { StoreJointAlerts } from './store-joint-alerts.js';
import { TakeApart } from './take-apart.js';
import { TakeHeldBack } from './take-held-back.js';

/** What several causes of one household are together. */
export const jointProviders: Provider[] = [
  FollowHeldBack,
  JointOutboxSource,
  JudgeJointRisks,
  LetJointTimePass,
  StoreJointAlerts,
  TakeApart,
  TakeHeldBack,
];
