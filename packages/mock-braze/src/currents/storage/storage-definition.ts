import { codecNames } from '@braze-mixpanel/currents-files';
import { durationSchema } from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import { layouts } from './export-path.ts';

const share = z.number().min(0).max(1).default(0);

/** What goes wrong with files, on purpose. Shares are from 0 to 1. */
const fileFaultsSchema = z.strictObject({
  /** Share of files whose events are written a second time, in another file. */
  repeated: share,
  /** Share of files that appear later, under their old hour. */
  late: share,
  /** How much later. */
  lateBy: durationSchema.default(2 * 3_600_000),
  /** Share of files with a damaged block. */
  corrupt: share,
  /** Share of files that end within their last block. */
  truncated: share,
});

const folder = z
  .string()
  .max(200)
  .regex(
    /^[\w-][\w.=+-]*(\/[\w-][\w.=+-]*)*$/,
    'must be a path below the storage folder, such as "exports/2026": names of letters, digits, "_", "-", "=", "+" and "." that do not start with "."',
  );

/** The fields of a storage Current besides those of every Current. */
export const storageFields = {
  kind: z.literal('storage'),
  /** Prefix of the files, a path below the simulator's storage folder. */
  folder: folder.default('currents'),
  layout: z.enum(layouts).default('version'),
  codec: z.enum(codecNames).default('null'),
  faults: fileFaultsSchema.prefault({}),
};

const storageSchema = z.strictObject(storageFields);
export type StorageFields = z.output<typeof storageSchema>;
