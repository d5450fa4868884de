import type { EpisodeStep } from './episode.rule.js';
import type { EndedWhy } from './followed-alert.rule.js';

/** What happened to an episode, as officers read it. */
export const stepWords: Readonly<Record<EpisodeStep, string>> = {
  opened: '发现风险',
  reissued: '再次提示',
  escalated: '升级',
  easing: '趋缓，观察中',
  eased: '降级',
  ended: '结束',
  reopened: '再次发生',
  told: '已告知农户',
};

/** Why an episode has ended, as officers read it. */
export const endedWords: Readonly<Record<EndedWhy, string>> = {
  recalled: '预警撤回',
  answered: '已处置',
  'checked-no-risk': '已排查无风险',
  'household-left': '该户已迁出或自然减少',
  passed: '已过期',
};
