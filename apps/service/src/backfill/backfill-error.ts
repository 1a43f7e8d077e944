/** Why a back-fill failed until an operator acts, as a sentence. */
export class BackfillError extends Error {
  override readonly name = 'BackfillError';
}
