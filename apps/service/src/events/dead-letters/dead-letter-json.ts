import type { DeadLetter } from '@braze-mixpanel/storage';

/**
 * JSON text of a dead letter. It holds the original and the mapped event as JSON values, byte for byte as
 * stored.
 */
export function deadLetterJson(letter: DeadLetter): string {
  const { id, connection, reason, detail, eventType = null, insertId = null, batch = null } = letter;
  const receivedAt = new Date(letter.receivedAt).toISOString();
  const diedAt = new Date(letter.diedAt).toISOString();
  const head = JSON.stringify({
    ...{ id, connection, reason, detail, eventType, insertId },
    ...{ batch, receivedAt, diedAt },
  });
  return `${head.slice(0, -1)},"original":${letter.original},"mapped":${letter.mapped ?? 'null'}}`;
}
