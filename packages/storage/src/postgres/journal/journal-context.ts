import type { Database } from '../server/database.ts';
import type { DeliveredUsers } from './delivered-users.ts';
import type { Profiles } from './profiles.ts';
import type { Segments } from './segments.ts';

/** Implementation of a port's method: as declared by the port, after the context. */
export type Method<Declared extends (...args: never[]) => Promise<unknown>, Context = JournalContext> = (
  context: Context,
  ...args: Parameters<Declared>
) => ReturnType<Declared>;

/** What the methods of the journal and of the dead letters work with. */
export interface JournalContext {
  readonly database: Database;
  readonly segments: Segments;
  readonly profiles: Profiles;
  readonly deliveredUsers: DeliveredUsers;
  /** This process's part of the counters. */
  readonly shard: number;
}

type Bound<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (context: never, ...args: infer Args) => infer Result
    ? (...args: Args) => Result
    : never;
};

/** The methods of a port, each with this context. */
export function withContext<
  Context,
  Methods extends Record<string, (context: Context, ...args: never[]) => unknown>,
>(context: Context, methods: Methods): Bound<Methods> {
  const bound = Object.entries(methods).map(([name, method]) => [
    name,
    (...args: never[]) => method(context, ...args),
  ]);
  return Object.fromEntries(bound) as Bound<Methods>;
}
