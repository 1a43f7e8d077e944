import type { RequestHandler } from 'express';
import { isLoopback } from '../config/rules.ts';
import type { Secret } from '../config/secret.ts';
import { bearerCheck } from '../ingest/bearer.ts';
import { answerError } from './answer.ts';

/**
 * Who may call `/api/*`: whoever has the admin token. Without one, only direct callers on the same machine: the peer is a loopback
 * address, the Host header names one (a web page that rebinds its name to 127.0.0.1 does not), and no proxy says that it stands
 * in between.
 */
export function adminGuard(token: Secret | undefined): RequestHandler {
  if (token === undefined) {
    return (request, response, next) => {
      const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
      const host = (request.headers.host ?? '').replace(/:\d+$/, '');
      const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
      if (isLoopback(peer) && isLoopback(host) && forwarded === undefined) next();
      else answerError(response, 'admin_local_only');
    };
  }
  const check = bearerCheck([token]);
  return (request, response, next) => {
    if (check(request.headers.authorization) === 'accepted') next();
    else answerError(response, 'admin_token_refused');
  };
}
