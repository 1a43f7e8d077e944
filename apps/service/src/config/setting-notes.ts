import { z } from 'zod';

/** Notes on a setting, for its table and for messages. */
export interface SettingNotes {
  readonly about: string;
  /** Never printed. `<NAME>_FILE` may name a file with the value instead. */
  readonly secret?: true;
}

/** The notes of each setting, by its schema. */
export const notes = z.registry<SettingNotes>();
