import type { RequestHandler } from 'express';
import type { Access } from '../config/config.ts';
import { answerError } from './answer.ts';
import { bearerCheck } from './bearer.ts';
import type { LocalOnly } from './local-only.ts';

/** The permissions of a caller, as the audit log names them. */
type Role = 'operator' | 'viewer';

/** Paths under `/api` that read by POST, since their input must not be in a URL. */
const readByPost = ['/trace', '/trace/delivered', '/forget/receipt'];

/**
 * The guard of `/api`: operators may call every route with the admin token, viewers may read with theirs.
 * Without a configured token the API is disabled, for callers on the same machine too, because any web page
 * in a browser there is such a caller.
 */
export function adminGuard(access: Access): RequestHandler {
  const roleOf = roleCheck(access);
  const closed = access.operators.length + access.viewers.length === 0;
  return ({ method, path, headers }, response, next) => {
    if (closed) return answerError(response, 'admin_closed');
    const role = roleOf(headers.authorization);
    if (role === undefined) return answerError(response, refusalOf(headers.authorization));
    const reads = method === 'GET' || method === 'HEAD' || (method === 'POST' && isReadByPost(path));
    if (role === 'viewer' && !reads) return answerError(response, 'admin_reads_only');
    response.locals.role = role;
    next();
  };
}

/**
 * The guard of `/status` and `/metrics`: without a viewer token every caller that `local` accepts, otherwise
 * operators and viewers. `/healthz` and `/readyz` have no guard: probes have no token.
 */
export function viewerGuard(access: Access, local: LocalOnly): RequestHandler {
  const roleOf = roleCheck(access);
  return ({ headers }, response, next) => {
    if (access.viewers.length === 0) {
      const foreign = local(headers);
      if (foreign === undefined) next();
      else answerError(response, 'foreign_caller', foreign);
    } else if (roleOf(headers.authorization) !== undefined) next();
    else answerError(response, refusalOf(headers.authorization));
  };
}

const refusalOf = (authorization: string | undefined) =>
  authorization === undefined ? 'admin_token_missing' : 'admin_token_refused';

/** Always makes both checks, so that the response time reveals nothing about either token. */
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

const isReadByPost = (path: string): boolean =>
  readByPost.includes(path) || path.startsWith('/traffic/') || /^\/cohorts\/[^/]+\/members$/.test(path);
