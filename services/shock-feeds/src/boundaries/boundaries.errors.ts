import { DomainError, InvalidFields, type FieldProblem } from '@fangpin/domain-kit';

/** The body is no GeoJSON with features, or none of its features can be used; names what is wrong. */
export class UnusableBoundaries extends InvalidFields {
  constructor(problems: readonly FieldProblem[]) {
    super(problems, 'BOUNDARIES.UNUSABLE');
  }
}

/** With these, more would be loaded than a process may hold in memory (413). */
export class TooManyBoundaries extends DomainError {
  constructor(limits: { readonly regions: number; readonly points: number }) {
    super('BOUNDARIES.TOO_MANY', 'too-large', 'more regions or points than may be loaded in all', limits);
  }
}
