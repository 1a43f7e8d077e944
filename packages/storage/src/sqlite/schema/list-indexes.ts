/** Indexes of lists in their order: requests to delete users by time, deletions at a vendor by state and turn. */
export const listIndexes = `
  CREATE INDEX delete_request_at ON delete_request (at, braze);
  CREATE INDEX delete_request_waiting ON delete_request (at, braze) WHERE state = 'waiting';
  DROP INDEX vendor_deletion_due;
  CREATE INDEX vendor_deletion_turn ON vendor_deletion (state, due_at) WHERE due_at IS NOT NULL;`;
