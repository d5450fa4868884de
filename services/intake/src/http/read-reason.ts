import { FREE_TEXT_RULE, holdsPersonalNumber, InvalidFields, type FieldProblem } from '@fangpin/domain-kit';

const MOST_CHARACTERS = 200;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** The reason in a body `{reason}`; refuses none, an empty one, one of more than 200 characters or with an ID number or a phone number, and unknown members. */
export function readReason(body: unknown): string {
  const { reason, ...others } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const problems: FieldProblem[] = Object.keys(others).map((field) => ({
    field: field.slice(0, 40),
    value: null,
    rule: 'is not a known member',
  }));
  const text = typeof reason === 'string' ? reason.trim() : '';
  if (text === '' || text.length > MOST_CHARACTERS)
    problems.push({ field: 'reason', value: null, rule: `must be a text of 1 to ${MOST_CHARACTERS} characters` });
  else if (CONTROL.test(text)) problems.push({ field: 'reason', value: null, rule: 'must hold no control characters' });
  else if (holdsPersonalNumber(text)) problems.push({ field: 'reason', value: null, rule: FREE_TEXT_RULE });
  if (problems.length > 0) throw new InvalidFields(problems);
  return text;
}
