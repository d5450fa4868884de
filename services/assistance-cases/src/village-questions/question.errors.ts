import { DomainError } from '@fangpin/domain-kit';

/** What asked was called off, opened again or told of finer places before there was an answer; 409 before the body is looked at. */
export class QuestionWithdrawn extends DomainError {
  constructor() {
    super('VILLAGE_QUESTION.WITHDRAWN', 'conflict', 'the question is withdrawn', {
      reasons: [{ code: 'VILLAGE_QUESTION.WITHDRAWN', text: '相关预警或灾情报告已取消、变更，不再询问本村' }],
    });
  }
}

/** An answer may be put right for the hours of policy; afterwards a damage report tells what is new. */
export class CorrectionTimeOver extends DomainError {
  constructor(until: string) {
    super('VILLAGE_QUESTION.CORRECTION_OVER', 'conflict', `the answer could be corrected until ${until}`, {
      until,
      reasons: [{ code: 'VILLAGE_QUESTION.CORRECTION_OVER', text: '更正期限已过，请改报灾情报告' }],
    });
  }
}
