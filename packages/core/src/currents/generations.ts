import { generation2022_06 } from './generation-2022-06/index.ts';
import type { Generation } from './types.ts';

/** Every generation a connection can pin, by id. */
export const generations: ReadonlyMap<string, Generation> = new Map([
  [generation2022_06.id, generation2022_06],
]);
