/** `connection_wait` holds the last wait of each connection: from `since` to `until`, in the queue's time. */
export const waitTable = `
  CREATE TABLE connection_wait (
    connection TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    failures INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`;

/** A wait that begins in the future was stored by a clock that was ahead. */
export const waits = 'connection_wait.until > :now AND connection_wait.since <= :now';
