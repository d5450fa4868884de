/**
 * The life of a case, state by state (architecture §7; procedure in rulebook §4.1 and §7.3). All states and actions stand
 * here from the start, so that an officer is told of every step why it is not open yet; which of them can be taken today
 * is said in case-actions.ts.
 *
 * Household check and data comparison run side by side (rulebook §4.1): each may be begun first, and the state names the one
 * begun last. `withdraw` is the machine's: a recalled alert ends a clue that nobody has touched. So does the register where the household has left, by the steps that
 * people take in a case of theirs (`move-out`, `dissolve-household`); a household that is back is a clue again.
 */
import type { Lifecycle } from '@fangpin/domain-kit';
import type { CaseState } from './case-states.js';

export type CaseAction =
  | 'start-verification'
  | 'start-comparison'
  | 'dismiss'
  | 'decline'
  | 'start-review'
  | 'publicise'
  | 'submit-to-township'
  | 'submit-to-county'
  | 'announce'
  | 'register'
  | 'start-monitoring'
  | 'plan-measures'
  | 'assist'
  | 'start-removal'
  | 'review-removal'
  | 'publicise-removal'
  | 'submit-removal-to-township'
  | 'submit-removal-to-county'
  | 'remove'
  | 'track'
  | 'roll-back'
  | 're-identify'
  | 'correct-out'
  | 'dissolve-household'
  | 'end-naturally'
  | 'move-out'
  | 'withdraw';

/** A household may dissolve or move away at any time before its risk is removed. */
const leaving = { 'dissolve-household': 'household-dissolved', 'move-out': 'moved-out' } as const;
/** Once marked in the system, a case ends by correction or when the risk is gone of itself. */
const marked = { ...leaving, 'correct-out': 'corrected-out', 'end-naturally': 'ended-naturally' } as const;

export const caseLifecycle = {
  clue: {
    'start-verification': 'verifying',
    'start-comparison': 'comparing',
    dismiss: 'dismissed',
    withdraw: 'withdrawn',
    ...leaving,
  },
  verifying: {
    'start-comparison': 'comparing',
    'start-review': 'reviewing',
    dismiss: 'dismissed',
    decline: 'declined',
    ...leaving,
  },
  comparing: {
    'start-verification': 'verifying',
    'start-review': 'reviewing',
    dismiss: 'dismissed',
    decline: 'declined',
    ...leaving,
  },
  reviewing: { publicise: 'publicised', 'roll-back': 'verifying', decline: 'declined', ...leaving },
  publicised: { 'submit-to-township': 'township-review', 'roll-back': 'verifying', ...leaving },
  'township-review': { 'submit-to-county': 'county-approval', 'roll-back': 'verifying', ...leaving },
  'county-approval': { announce: 'announced', 'roll-back': 'verifying', ...leaving },
  announced: { register: 'registered', ...leaving },
  registered: { 'start-monitoring': 'monitored', ...marked },
  monitored: { 'plan-measures': 'planned', ...marked },
  planned: { assist: 'assisted', ...marked },
  assisted: { 'start-removal': 'removal-verifying', 'plan-measures': 'planned', ...marked },
  'removal-verifying': { 'review-removal': 'removal-review', 'roll-back': 'assisted', ...marked },
  'removal-review': { 'publicise-removal': 'removal-publicised', 'roll-back': 'assisted', ...marked },
  'removal-publicised': { 'submit-removal-to-township': 'removal-township', 'roll-back': 'assisted', ...marked },
  'removal-township': { 'submit-removal-to-county': 'removal-county', 'roll-back': 'assisted', ...marked },
  'removal-county': { remove: 'removed', 'roll-back': 'assisted', ...marked },
  removed: { track: 'tracked', 'roll-back': 'assisted', 're-identify': 'clue' },
  tracked: { 'roll-back': 'assisted', 're-identify': 'clue' },
  dismissed: { 're-identify': 'clue' },
  declined: { 're-identify': 'clue' },
  'corrected-out': { 're-identify': 'clue' },
  'household-dissolved': {},
  'ended-naturally': { 're-identify': 'clue' },
  'moved-out': {},
  withdrawn: {},
} as const satisfies Lifecycle<CaseState, CaseAction>;

/** The same table, for look-ups by any state and action. */
export const lifecycle: Lifecycle<CaseState, CaseAction> = caseLifecycle;
