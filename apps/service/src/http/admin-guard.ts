import type { Request, RequestHandler } from 'express';
import { isLoopback } from '../config/rules.ts';
import type { Secret } from '../config/secret.ts';
import { bearerCheck } from '../ingest/bearer.ts';
import { answerError } from './answer.ts';

/** A page of another site asks through this machine's browser. */
function isFromElsewhere({ headers }: Request): boolean {
  const { origin } = headers;
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  return origin !== undefined && !(URL.canParse(origin) && isLoopback(new URL(origin).hostname));
}

/**
 * Who may call `/api/*`: whoever has the admin token. Without one, only direct callers on the same machine: the peer is a loopback
 * address, the Host header names one (a web page that rebinds its name to 127.0.0.1 does not), no proxy says that it stands
 * in between, and no browser says that a page of another site asks.
 */
export function adminGuard(token: Secret | undefined): RequestHandler {
  if (token === undefined) {
    return (request, response, next) => {
      const peer = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
      const host = (request.headers.host ?? '').replace(/:\d+$/, '');
      const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded;
      if (isLoopback(peer) && isLoopback(host) && forwarded === undefined && !isFromElsewhere(request))
        next();
      else answerError(response, 'admin_local_only');
    };
  }
  const check = bearerCheck([token]);
  return (request, response, next) => {
    if (check(request.headers.authorization) === 'accepted') next();
    else answerError(response, 'admin_token_refused');
  };
}
