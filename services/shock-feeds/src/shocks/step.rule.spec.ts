import { describe, expect, it } from '@jest/globals';
import { stepOf, type StepFacts } from './step.rule.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 6, 18, hour));
const orange: StepFacts = { state: 'open', observed: false, level: 3, expires: at(12) };

describe('what a revision of a shock means', () => {
  it('is an escalation to a higher level and an easing to a lower one, also where the time changes with it', () => {
    expect(stepOf(orange, { ...orange, level: 4, expires: at(18) })).toBe('escalated');
    expect(stepOf(orange, { ...orange, level: 2 })).toBe('eased');
  });

  it('is an extension where only its time runs longer, for ever included', () => {
    expect(stepOf(orange, { ...orange, expires: at(18) })).toBe('extended');
    expect(stepOf(orange, { ...orange, expires: null })).toBe('extended');
    expect(stepOf(orange, { ...orange, expires: at(6) })).toBe('updated');
  });

  it('is that the forecast came true before anything about its level', () => {
    expect(stepOf(orange, { ...orange, observed: true, level: 4 })).toBe('observed');
  });

  it('is the end, the calling off or the opening anew before all else', () => {
    expect(stepOf(orange, { ...orange, state: 'ended', level: 1 })).toBe('ended');
    expect(stepOf(orange, { ...orange, state: 'cancelled' })).toBe('cancelled');
    expect(stepOf({ ...orange, state: 'ended' }, { ...orange, level: 4 })).toBe('reopened');
  });
});
