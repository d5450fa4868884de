import { InvalidFields, type FieldProblem } from '@fangpin/domain-kit';

const MOST_CHARACTERS = 200;

/** The reason in a body `{reason}`; refuses none, an empty one, one of more than 200 characters, and unknown members. */
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
  if (problems.length > 0) throw new InvalidFields(problems);
  return text;
}
