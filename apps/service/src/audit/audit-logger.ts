import type { AuditLog } from '@braze-mixpanel/storage';
import type { Response } from 'express';
import type { Logger } from 'pino';

/** Records a change of stored data, after it is made and before it is answered. */
export type Trail = (
  response: Response,
  action: AuditAction,
  detail: Record<string, unknown>,
) => Promise<void>;

type AuditAction =
  | 'dead_letters.replay'
  | 'dead_letters.purge'
  | 'batches.release'
  | 'forget'
  | 'handover'
  | `cohort.${'create' | 'start' | 'pause' | 'run' | 'confirm' | 'source' | 'delete' | 'discard'}`;

/** The deed is done: an entry that storage does not take goes to the log instead, and the caller is not told that it failed. */
export function auditLogger(log: Pick<AuditLog, 'append'>, now: () => number, logger: Logger): Trail {
  return async (response, action, detail) => {
    const entry = { at: now(), actor: actorOf(response), action, detail: boundedDetail(detail) };
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

/** Characters that an entry keeps of one text, and of all of its detail. */
const longestText = 200;
const longestDetail = 20_000;

/** Texts of a caller are cut, and where that is not enough lists and objects are only counted: the log grows with deeds, not with texts. */
export function boundedDetail(detail: Record<string, unknown>): string {
  const text = JSON.stringify(detail, (_key, value: unknown) =>
    typeof value === 'string' && value.length > longestText
      ? `${value.slice(0, longestText)}… (${value.length} characters)`
      : value,
  );
  if (text.length <= longestDetail) return text;
  const counted = Object.entries(JSON.parse(text) as Record<string, unknown>)
    .slice(0, 50)
    .map(([key, value]) => [
      key.slice(0, longestText),
      typeof value === 'object' && value !== null ? `${Object.keys(value).length} entries` : value,
    ]);
  return JSON.stringify(Object.fromEntries(counted));
}
