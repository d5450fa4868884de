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
