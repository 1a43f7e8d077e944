/** `job_document` has what recurring jobs of a connection keep between their runs. */
export const jobDocumentTable = `
  CREATE TABLE job_document (
    connection TEXT COLLATE "C" NOT NULL,
    job TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (connection, job, key)
  );`;
