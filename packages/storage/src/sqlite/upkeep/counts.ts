import type { Journal } from '../../ports/index.ts';
import { type CountRow, countsOf, countsQuery } from '../../shared/counts.ts';
import type { Command } from '../thread/command.ts';

export const counts: Command<Journal['counts']> = db => {
  const read = db.prepare(countsQuery);
  return () => countsOf(read.all() as CountRow[]);
};
