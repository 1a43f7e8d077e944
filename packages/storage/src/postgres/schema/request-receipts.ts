/** Numbers of the receipts of a request to delete a user, separated by spaces: its pairs are deleted with the user. */
export const requestReceipts = `
  ALTER TABLE delete_request ADD COLUMN receipts TEXT NOT NULL DEFAULT '';`;
