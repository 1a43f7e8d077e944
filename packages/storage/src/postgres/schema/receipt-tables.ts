/**
 * `receipt_entry` has what was removed of a forgotten user, `vendor_deletion` the deletions that a vendor was asked for.
 * Both name the user by a digest.
 */
export const receiptTables = `
  CREATE TABLE receipt_entry (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL
  );
  CREATE INDEX receipt_entry_number ON receipt_entry (number);

  CREATE TABLE vendor_deletion (
    number TEXT COLLATE "C" NOT NULL,
    project TEXT COLLATE "C" NOT NULL,
    connection TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    due_at BIGINT,
    revision BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (number, project)
  );
  CREATE INDEX vendor_deletion_due ON vendor_deletion (due_at) WHERE due_at IS NOT NULL;`;
