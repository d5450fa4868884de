/** Rules on fields of requests that more than one service has. */
import {
  findRegionCode,
  FREE_TEXT_RULE,
  holdsIdNumber,
  holdsPersonalNumber,
  isDay,
  SENT_KEY_RULE,
} from '@fangpin/domain-kit';
import {
  Matches,
  Validate,
  ValidatorConstraint,
  type ValidationOptions,
  type ValidatorConstraintInterface,
} from 'class-validator';

@ValidatorConstraint({ name: 'isDay' })
class DayRule implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isDay(value);
  }

  defaultMessage(): string {
    return 'must be a day, YYYY-MM-DD';
  }
}

@ValidatorConstraint({ name: 'isRegionCode' })
class RegionCodeRule implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && findRegionCode(value) !== undefined;
  }

  defaultMessage(): string {
    return 'must be a region code of 2, 4, 6, 9 or 12 digits';
  }
}

@ValidatorConstraint({ name: 'namesNobody' })
class FreeTextRule implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value !== 'string' || !holdsPersonalNumber(value);
  }

  defaultMessage(): string {
    return FREE_TEXT_RULE;
  }
}

@ValidatorConstraint({ name: 'isNoIdNumber' })
class SentKeyRule implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value !== 'string' || !holdsIdNumber(value);
  }

  defaultMessage(): string {
    return SENT_KEY_RULE;
  }
}

/** A text in free words that holds no ID number and no phone number (free-text.ts of domain-kit). */
export const NamesNobody = (): PropertyDecorator => Validate(FreeTextRule);

/** A sender's key or an account, or each of a list of them: no ID number. */
export const IsNoIdNumber = (options?: ValidationOptions): PropertyDecorator => Validate(SentKeyRule, options);

/** A day of the calendar, `YYYY-MM-DD`. */
export const IsDayText = (): PropertyDecorator => Validate(DayRule);

export const IsRegionCodeText = (): PropertyDecorator => Validate(RegionCodeRule);

// NUL and other control characters cannot be stored; a text of blanks is none.
const TEXT = /^(?=.*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+$/su;

/** A text that can be stored, says something, and names nobody by a number. */
export const IsPlainText = (): PropertyDecorator => (target, property) => {
  Matches(TEXT, { message: 'must be a text that is not empty' })(target, property as string);
  NamesNobody()(target, property);
};
