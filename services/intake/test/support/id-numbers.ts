import { idCheckCharacter } from '@fangpin/domain-kit';

/** The n-th of a row of people who do not exist: of a division that no list has, all born on one day. */
export function idNumberOf(n: number): string {
  const seventeen = `99000019800101${String(n).padStart(3, '0')}`;
  return seventeen + idCheckCharacter(seventeen);
}
