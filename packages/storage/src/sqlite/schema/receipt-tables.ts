/**
 * `receipt_entry` has what was removed of a forgotten user, `vendor_deletion` the deletions that a vendor was asked for.
 * Both name the user by a digest.
 */
export const receiptTables = `
  CREATE TABLE receipt_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX receipt_entry_number ON receipt_entry (number);

  CREATE TABLE vendor_deletion (
    number TEXT NOT NULL,
    project TEXT NOT NULL,
    connection TEXT NOT NULL,
    state TEXT NOT NULL,
    since INTEGER NOT NULL,
    due_at INTEGER,
    revision INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (number, project)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX vendor_deletion_due ON vendor_deletion (due_at) WHERE due_at IS NOT NULL;`;
