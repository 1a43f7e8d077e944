import type { DeleteRequestPlace } from '../ports/index.ts';

/** A place before that of any request. */
export const newestPlace: DeleteRequestPlace = { at: Number.MAX_SAFE_INTEGER, braze: '' };

/** A page of `delete_request`, newest first, with placeholders of the place before it and of its length. */
export const deleteRequests = (open: boolean, at: string, braze: string, limit: string) => {
  // For an EXISTS, PostgreSQL may first read the whole of `braze_user` into a hash table.
  const isKnown = '(SELECT 1 FROM braze_user WHERE braze_user.braze = request.braze LIMIT 1) IS NOT NULL';
  return `
    SELECT braze, at, state, receipts, ${open ? 'true' : isKnown} AS known FROM delete_request AS request
    WHERE (at, braze) < (${at}, ${braze}) ${open ? `AND state = 'waiting' AND ${isKnown}` : ''}
    ORDER BY at DESC, braze DESC LIMIT ${limit}`;
};
