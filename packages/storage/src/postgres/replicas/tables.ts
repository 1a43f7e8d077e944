/**
 * Tables for coordination between replicas.
 *
 * - `term` grows whenever a lease changes its holder. It is in a unique index, which makes it part of the
 *   row's key: a change of it waits for transactions that read the row `FOR KEY SHARE` (the fence of cohort
 *   writes), while a renewal does not.
 * - Requests live for seconds, and a lost one is sent again: they need no disk, so their table is unlogged.
 */
export const replicaTables = `
  CREATE TABLE replica_lease (
    name text PRIMARY KEY,
    holder text NOT NULL DEFAULT '',
    term bigint NOT NULL DEFAULT 0,
    ends_at timestamptz NOT NULL DEFAULT '-infinity',
    UNIQUE (name, term)
  );
  INSERT INTO replica_lease (name) VALUES ('cohorts'), ('sweep');

  CREATE UNLOGGED TABLE replica_question (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lease text NOT NULL,
    question text NOT NULL,
    ends_at timestamptz NOT NULL,
    asker text NOT NULL,
    term bigint,
    answer text
  );
`;
