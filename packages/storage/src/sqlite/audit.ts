import type { AuditEntry, AuditLog } from '../ports/index.ts';
import type { Command } from './thread/command.ts';

export const appendAudit: Command<AuditLog['append']> = db => {
  const add = db.prepare('INSERT INTO audit (at, actor, action, detail) VALUES (?, ?, ?, ?)');
  return ({ at, actor, action, detail }) => {
    add.run(at, actor, action, detail);
  };
};

export const listAudit: Command<AuditLog['list']> = db => {
  const list = db.prepare(
    'SELECT id, at, actor, action, detail FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?',
  );
  return ({ before = Number.MAX_SAFE_INTEGER, limit }) => list.all(before, limit) as unknown as AuditEntry[];
};
