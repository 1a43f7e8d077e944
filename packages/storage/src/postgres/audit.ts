import type { AuditEntry, AuditLog } from '../ports/index.ts';
import type { Database } from './server/database.ts';

export function auditLog(database: Database): AuditLog {
  return {
    async append({ at, actor, action, detail }) {
      await database.query('INSERT INTO audit (at, actor, action, detail) VALUES ($1, $2, $3, $4)', [
        ...[at, actor, action, detail],
      ]);
    },
    list: ({ before, limit }) =>
      database.query<AuditEntry & Record<string, unknown>>(
        'SELECT id, at, actor, action, detail FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2',
        [before ?? Number.MAX_SAFE_INTEGER, limit],
      ),
  };
}
