/** `job_document` has what recurring jobs of a connection keep between their runs. */
export const jobDocumentTable = `
  CREATE TABLE job_document (
    connection TEXT NOT NULL,
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (connection, job, key)
  ) STRICT, WITHOUT ROWID;`;
