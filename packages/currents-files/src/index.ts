/**
 * Braze Currents storage exports: Avro files read as the events of the Custom HTTP connector, and written for
 * simulators and tests.
 *
 * @module
 */
export { type CodecName, codecNames } from './container/codecs.ts';
export { type FileDifferences, fileDifferences } from './file-differences.ts';
export { fileDifferencesTable } from './file-differences-table.ts';
export {
  type ExportedFile,
  type FileItem,
  type ReadOptions,
  readCurrentsFile,
} from './read-currents-file.ts';
export { type PathFacts, pathFacts } from './records/event-type.ts';
export { type FileSource, SourceError, type SourceFile } from './sources/file-source.ts';
export { openSource, parseSourceAddress, type SourceAddress } from './sources/open-source.ts';
export type { BucketTarget, TargetOptions } from './targets/bucket-target.ts';
export { openTarget } from './targets/open-target.ts';
export { type DamagedFile, damageFile } from './write/damage-file.ts';
export { type StoredType, storedTypes } from './write/stored-types.ts';
export { whyNotStored } from './write/why-not-stored.ts';
export { type WriteOptions, writeCurrentsFile } from './write/write-currents-file.ts';
