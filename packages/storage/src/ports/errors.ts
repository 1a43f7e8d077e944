/**
 * Rejections of the ports; anything else is a defect.
 *
 * - `full`: no space (disk, quota, read-only volume): answer 503. Storing resumes when there is space.
 * - `busy`: another program held the database too long: try again.
 * - `locked`: another process owns the file: this one must not start.
 * - `unavailable`: the storage can't be reached, was closed, or died: 503.
 * - `corrupt`: the file is no database, is damaged, or was made by a newer version: an operator must look.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: 'full' | 'busy' | 'locked' | 'unavailable' | 'corrupt';
  constructor(code: StorageError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
