import type { AuditLog } from '@braze-mixpanel/storage';
import type { Response } from 'express';
import type { Logger } from 'pino';

/** Records a change of stored data, after it is made and before the response. */
export type Trail = (
  response: Response,
  action: AuditAction,
  detail: Record<string, unknown>,
) => Promise<void>;

type AuditAction =
  | 'dead_letters.replay'
  | 'dead_letters.purge'
  | 'batches.release'
  | 'batches.retry'
  | 'forget'
  | 'forget.lift'
  | `backfill.${'create' | 'pause' | 'resume' | 'cancel'}`
  | 'handover'
  | 'lookup_tables.push'
  /** As the cohort API has it. */
  | `cohort.${string}`;

/**
 * A logger of changes. The change is made already, so an entry that storage refuses is written to the
 * service's log instead, without an error for the caller.
 */
export function auditLogger(log: Pick<AuditLog, 'append'>, now: () => number, logger: Logger): Trail {
  return async (response, action, detail) => {
    const entry = { at: now(), actor: actorOf(response), action, detail: boundedDetail(detail) };
    try {
      await log.append(entry);
    } catch (error) {
      logger.error({ err: error, entry }, 'an audit log entry could not be stored');
    }
  };
}

/** Role and peer, from the guard: `operator at 127.0.0.1`. Behind a proxy the peer is the proxy. */
function actorOf({ locals, req }: Response): string {
  const peer = (req.socket.remoteAddress ?? 'an unknown address').replace(/^::ffff:/, '');
  return `${String(locals.role ?? 'unknown')} at ${peer}`;
}

/** Maximum of characters of one text, and of the whole detail. */
const longestText = 200;
const longestDetail = 20_000;

/**
 * The detail with truncated texts, and where that is not enough with lengths in place of lists and objects:
 * the log grows with actions, not with texts.
 */
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
