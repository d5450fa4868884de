/** Which facts a kind of finding must, may or may not carry (proto/fangpin/intake/v1, rulebook §3.4–§3.6). */
import { FindingKind } from '@fangpin/contracts';

export type Asked = 'must' | 'may' | 'none';

export interface FieldsOfKind {
  /** Amounts, fen; `must` with the day that they are cumulative since. */
  readonly amounts: Asked;
  /** Days absent from school, or without water. */
  readonly days: Asked;
  readonly houseGrade: Asked;
  /** Whether it is a main earner. */
  readonly ofEarner: Asked;
}

const fields = (amounts: Asked, days: Asked, houseGrade: Asked, ofEarner: Asked): FieldsOfKind => ({
  amounts,
  days,
  houseGrade,
  ofEarner,
});

const byKind: Readonly<Partial<Record<FindingKind, FieldsOfKind>>> = {
  [FindingKind.MEDICAL_SPENDING]: fields('must', 'none', 'none', 'none'),
  [FindingKind.TUITION]: fields('must', 'none', 'none', 'none'),
  [FindingKind.ACCIDENT]: fields('may', 'none', 'none', 'may'),
  [FindingKind.CRIME]: fields('may', 'none', 'none', 'may'),
  [FindingKind.DEATH_OF_EARNER]: fields('none', 'none', 'none', 'none'),
  [FindingKind.DISABILITY]: fields('none', 'none', 'none', 'may'),
  [FindingKind.DROP_OUT]: fields('none', 'may', 'none', 'none'),
  [FindingKind.UNSAFE_HOUSE]: fields('none', 'none', 'must', 'none'),
  [FindingKind.WATER]: fields('none', 'may', 'none', 'none'),
};

export function fieldsOfKind(kind: FindingKind): FieldsOfKind {
  const known = byKind[kind];
  if (known === undefined) throw new RangeError(`no fields are known of the kind ${kind}`);
  return known;
}
