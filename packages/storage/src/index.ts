/**
 * Durable storage of the service: open it by its URL, and use it through its ports. Rejections are
 * `StorageError`s, whose `code` tells whether to retry, to refuse or to stop.
 *
 * @module
 */
export { openStorage } from './open-storage.ts';
export * from './ports/index.ts';
export { fileProblem } from './shared/file-problem.ts';
export { checkFile } from './sqlite/file/check-file.ts';
export { parseStorageUrl } from './storage-url.ts';
