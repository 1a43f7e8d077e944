import type { RequestHandler } from 'express';
import type { Access } from '../config/config.ts';
import { answerError } from './answer.ts';
import { bearerCheck } from './bearer.ts';
import type { LocalOnly } from './local-only.ts';

/** What a caller may do; the audit log names it. */
type Role = 'operator' | 'viewer';

/** Under `/api`: what only reads, by a question that does not belong into an address. */
const readByPost = ['/trace'];

/**
 * Who may call `/api/*`: operators by the admin token, viewers by theirs as long as they only read. Where neither token
 * is configured all of it is off, for callers on the same machine too: any page in a browser there is such a caller.
 */
export function adminGuard(access: Access): RequestHandler {
  const roleOf = roleCheck(access);
  const closed = access.operators.length + access.viewers.length === 0;
  return ({ method, path, headers }, response, next) => {
    if (closed) return answerError(response, 'admin_closed');
    const role = roleOf(headers.authorization);
    if (role === undefined) return answerError(response, 'admin_token_refused');
    const reads = method === 'GET' || method === 'HEAD' || (method === 'POST' && readByPost.includes(path));
    if (role === 'viewer' && !reads) return answerError(response, 'admin_reads_only');
    response.locals.role = role;
    next();
  };
}

/**
 * Who may look at `/status` and `/metrics`: all callers for whom `local` holds, until a viewer token is configured. `/healthz` and
 * `/readyz` are never guarded: what asks them has no token.
 */
export function viewerGuard(access: Access, local: LocalOnly): RequestHandler {
  const roleOf = roleCheck(access);
  return ({ headers }, response, next) => {
    if (access.viewers.length === 0) {
      const foreign = local(headers);
      if (foreign === undefined) next();
      else answerError(response, 'foreign_caller', foreign);
    } else if (roleOf(headers.authorization) !== undefined) next();
    else answerError(response, 'admin_token_refused');
  };
}

/** Both checks are always made, so that the time taken tells nothing of either. */
function roleCheck({ operators, viewers }: Access): (authorization: string | undefined) => Role | undefined {
  const isOperator = bearerCheck(operators);
  const isViewer = bearerCheck(viewers);
  return authorization => {
    const operator = operators.length > 0 && isOperator(authorization) === 'accepted';
    const viewer = viewers.length > 0 && isViewer(authorization) === 'accepted';
    if (operator) return 'operator';
    return viewer ? 'viewer' : undefined;
  };
}
