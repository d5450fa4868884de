/** Rules on fields of requests that more than one service has. */
import { findRegionCode, isDay } from '@fangpin/domain-kit';
import { Matches, Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';

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

/** A day of the calendar, `YYYY-MM-DD`. */
export const IsDayText = (): PropertyDecorator => Validate(DayRule);

export const IsRegionCodeText = (): PropertyDecorator => Validate(RegionCodeRule);

// NUL and other control characters cannot be stored; a text of blanks is none.
const TEXT = /^(?=.*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+$/su;

/** A text that can be stored and says something. */
export const IsPlainText = (): PropertyDecorator => Matches(TEXT, { message: 'must be a text that is not empty' });
