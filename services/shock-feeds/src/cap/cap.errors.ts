import { InvalidFields, type FieldProblem } from '@fangpin/domain-kit';

/** The bytes are no XML that this service reads: not well-formed, a DTD, an unknown encoding, too deep. */
export class UnreadableXml extends InvalidFields {
  constructor(rule: string, code = 'CAP.NOT_WELL_FORMED') {
    super([{ field: 'body', value: null, rule }], code);
  }
}

/** Elements that the standard requires are missing; names every one of them. */
export class RequiredElementsMissing extends InvalidFields {
  constructor(problems: readonly FieldProblem[]) {
    super(problems, 'CAP.REQUIRED_ELEMENTS_MISSING');
  }
}
