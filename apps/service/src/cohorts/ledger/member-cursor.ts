import { z } from 'zod';
import { parseJson } from '../../vendor-http/exchange.ts';
import { parts } from './states.ts';

/** The place of a member in the list of a run. It stays valid as long as the ledger of the run is stored. */
export interface MemberCursor {
  readonly run: number;
  /** Name of the part. */
  readonly part: string;
  readonly key: string;
}

const cursorSchema = z.tuple([z.int().positive(), z.enum(parts.map(({ name }) => name)), z.string().min(1)]);

/** A cursor as a text without a meaning for callers. */
export const cursorText = ({ run, part, key }: MemberCursor): string =>
  Buffer.from(JSON.stringify([run, part, key])).toString('base64url');

/** The cursor of a text; `undefined` for any other text. */
export function readCursor(text: string): MemberCursor | undefined {
  const read = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString()));
  if (!read.success) return undefined;
  const [run, part, key] = read.data;
  return { run, part, key };
}
