import { DomainError } from '@fangpin/domain-kit';

/** A department's client asks for what is another department's. */
export class OtherDepartment extends DomainError {
  constructor(department: string) {
    super('ACCESS.DEPARTMENT', 'forbidden', `this account is not of the department ${department}`, {
      department,
      reasons: [{ code: 'ACCESS.DEPARTMENT', text: '当前账号不属于该部门，无权查看或推送' }],
    });
  }
}

/** An office of the department would take back what another office of it has sent: each answers for its own word. */
export class OtherSender extends DomainError {
  constructor(what: 'finding' | 'batch') {
    super(
      'ACCESS.SENDER',
      'forbidden',
      `this ${what} was sent by an account of another area; only that can take it back`,
      {
        reasons: [{ code: 'ACCESS.SENDER', text: '该线索由本部门其他区域的账号推送，只能由推送方撤回' }],
      },
    );
  }
}
