/** What an answer says beside its outcome: stable codes, Chinese text, nothing about the person. */
import type { UnmatchedReason } from './finding.js';

export interface Problem {
  readonly code: string;
  readonly text: string;
}

export const unmatchedProblems: Readonly<Record<UnmatchedReason, Problem>> = {
  'person-unknown': {
    code: 'FINDING.PERSON_UNKNOWN',
    text: '本区域登记信息中没有找到此人，已留存；登记信息更新后自动匹配',
  },
  'person-in-several-households': {
    code: 'FINDING.PERSON_IN_SEVERAL_HOUSEHOLDS',
    text: '此人登记在多个农户名下，已留存；登记信息更正后自动匹配',
  },
  'household-unknown': {
    code: 'FINDING.HOUSEHOLD_UNKNOWN',
    text: '本区域没有此农户，或已迁出、注销，已留存；登记信息更新后自动匹配',
  },
};

export const OVERTAKEN: Problem = {
  code: 'FINDING.OVERTAKEN',
  text: '该线索已有更晚的推送，本次内容未采用',
};

export const EARLIER_DAY: Problem = {
  code: 'FINDING.EARLIER_DAY',
  text: '该线索已有日期更晚的内容，本次内容未采用；如原日期填写有误，请先撤回再重新推送',
};

/** The sender's word counts, but it is told nothing of another area. */
export const ELSEWHERE: Problem = {
  code: 'FINDING.HOUSEHOLD_ELSEWHERE',
  text: '此农户已不在本区域，本次内容已采用；农户信息由现居地掌握，此处不再显示',
};
