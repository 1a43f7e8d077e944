import type { Response } from 'express';
import type { Logger } from 'pino';
import type { AuditLog } from '../storage/audit-types.ts';

/** Notes what somebody did to stored data, once it is done and before they hear of it. */
export type Trail = (
  response: Response,
  action: AuditAction,
  detail: Record<string, unknown>,
) => Promise<void>;

type AuditAction =
  | 'dead_letters.replay'
  | 'dead_letters.purge'
  | 'forget'
  | 'handover'
  | `cohort.${'create' | 'start' | 'pause' | 'run' | 'confirm' | 'source' | 'delete'}`;

/** The deed is done: an entry that storage does not take goes to the log instead, and the caller is not told that it failed. */
export function trailOf(log: Pick<AuditLog, 'append'>, now: () => number, logger: Logger): Trail {
  return async (response, action, detail) => {
    const entry = { at: now(), actor: actorOf(response), action, detail: JSON.stringify(detail) };
    try {
      await log.append(entry);
    } catch (error) {
      logger.error({ err: error, entry }, 'an entry of the audit log could not be stored');
    }
  };
}

/** Role and peer, as the guard found them: `operator at 127.0.0.1`. Behind a proxy the peer is the proxy. */
function actorOf({ locals, req }: Response): string {
  const peer = (req.socket.remoteAddress ?? 'an unknown address').replace(/^::ffff:/, '');
  return `${String(locals.role ?? 'somebody')} at ${peer}`;
}
