/** Back-fills, and how far the files of each were read. `problem` is empty where a job has none. */
export const backfillTables = `CREATE TABLE backfill (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     connection TEXT NOT NULL,
     source TEXT NOT NULL,
     options TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     state TEXT NOT NULL DEFAULT 'running',
     changed_at INTEGER NOT NULL,
     problem TEXT NOT NULL DEFAULT '',
     report TEXT NOT NULL DEFAULT '',
     revision INTEGER NOT NULL DEFAULT 0
   ) STRICT;

   CREATE TABLE collected_file (
     connection TEXT NOT NULL,
     scope TEXT NOT NULL,
     path TEXT NOT NULL,
     version TEXT NOT NULL,
     position INTEGER NOT NULL,
     done INTEGER NOT NULL CHECK (done IN (0, 1)),
     PRIMARY KEY (connection, scope, path)
   ) STRICT, WITHOUT ROWID;`;
