import { InvalidFields, type FieldProblem } from '@fangpin/domain-kit';
import { fieldProblemsOf } from '@fangpin/service-kit';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';

/**
 * Checks a body after state and role have been looked at, as the service's pipe would have done before: unknown members are
 * refused, and every bad field is named. `more` adds what the fields' own rules cannot say.
 */
export async function readBody<T extends object>(
  type: new () => T,
  body: unknown,
  more: (request: T) => readonly FieldProblem[] = () => [],
): Promise<T> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidFields([{ field: 'body', value: body ?? null, rule: 'must be a JSON object' }]);
  const request = plainToInstance(type, body);
  const errors = await validate(request, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  const problems = errors.length > 0 ? fieldProblemsOf(errors) : more(request);
  if (problems.length > 0) throw new InvalidFields(problems);
  return request;
}
