import { HttpRefusal } from '../problems/http-refusal.js';
import type { Role } from './roles.js';

/** No token, or one that is not taken; `reason` says which check it failed, never what it holds. */
export class Unauthenticated extends HttpRefusal {
  constructor(reason: string, error?: 'invalid_token') {
    const challenge = 'Bearer realm="fangpin"' + (error === undefined ? '' : `, error="${error}"`);
    super(
      401,
      error === undefined ? 'ACCESS.TOKEN_MISSING' : 'ACCESS.TOKEN_INVALID',
      reason,
      {},
      { 'www-authenticate': challenge },
      'forbidden',
    );
  }
}

/** The caller's role may not do this. */
export class RoleRefused extends HttpRefusal {
  constructor(role: Role, allowed: readonly Role[]) {
    super(
      403,
      'ACCESS.ROLE',
      `role ${role} may not do this`,
      { role, allowed, reasons: [{ code: 'ACCESS.ROLE', text: `当前角色（${role}）无权进行此操作` }] },
      {},
      'forbidden',
    );
  }
}
