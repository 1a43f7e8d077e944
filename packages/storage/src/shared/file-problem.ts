const problems: Readonly<Record<string, string>> = {
  EACCES: 'this user has no permission',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  ENOENT: 'it does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EPERM: 'this user has no permission',
  EROFS: 'the file system is read-only',
};

/**
 * The cause of a failed file operation in plain words, with its code; `undefined` for other errors and for
 * rare codes.
 *
 * @example
 * ```ts
 * import { fileProblem } from '@braze-mixpanel/storage';
 *
 * console.log(fileProblem({ code: 'EISDIR' })); // it is a folder, not a file (EISDIR)
 * ```
 */
export function fileProblem(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(problems, code) ? `${problems[code]} (${code})` : undefined;
}
