import { FREE_TEXT_RULE, InvalidFields, SENT_KEY_RULE, type FieldProblem } from '@fangpin/domain-kit';
import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { tellable } from './personal-fields.js';

const NAMES_SOMEBODY: ReadonlySet<string> = new Set([FREE_TEXT_RULE, SENT_KEY_RULE]);

/** Checks DTOs: unknown members are refused, and every bad field is named by its path, its value (never a personal one) and its rules. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    exceptionFactory: (errors) => new InvalidFields(fieldProblemsOf(errors)),
  });
}

/** Flattens class-validator's tree; array positions read `rows[3].price`. */
export function fieldProblemsOf(errors: readonly ValidationError[], parent = ''): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = join(parent, error.property);
    const messages = Object.values(error.constraints ?? {});
    const isPersonal = messages.some((message) => NAMES_SOMEBODY.has(message));
    const value = isPersonal ? null : tellable(error.property, error.value);
    const own = messages.length === 0 ? [] : [{ field, value, rule: ruleOf(messages, error.property) }];
    return [...own, ...fieldProblemsOf(error.children ?? [], field)];
  });
}

function join(parent: string, property: string): string {
  if (parent === '') return property;
  return /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}.${property}`;
}

function ruleOf(messages: readonly string[], property: string): string {
  return messages
    .map((message) => {
      if (/^property .+ should not exist$/.test(message)) return 'is not a known member';
      return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
    })
    .join('; ');
}
