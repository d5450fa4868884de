import { ValidateIf } from 'class-validator';

/** The field may be left out; unlike `IsOptional`, null is not taken for absent. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
