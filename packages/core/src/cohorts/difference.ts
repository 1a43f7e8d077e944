import { isUnmatched } from './member.ts';
import { type RunCursor, runOfKeys } from './run.ts';
import { compareUtf8 } from './utf8-order.ts';
import { walkRuns } from './walk.ts';

/** Change of one member's membership in Braze. */
export interface MemberChange {
  /** Key of the member ({@link memberKey}). */
  readonly key: string;
  /** Whether the member is removed; otherwise it is added. */
  readonly remove: boolean;
}

/** Options of {@link difference}. */
export interface DifferenceOptions {
  /** Last key whose change is settled: the difference continues after it. From the start by default. */
  readonly after?: string | undefined;
  /** Whether every member of the target is added, known or not; false by default. */
  readonly resend?: boolean;
  /** Keys whose state in Braze is unknown, sorted with {@link sortKeys}; none by default. */
  readonly unknown?: readonly string[];
}

const inKnown = 1;
const inTarget = 2;
const inUnknown = 4;

/**
 * Changes that turn the members that Braze has (`known`) into those that Mixpanel has (`target`), in key
 * order, each key once. Streaming: memory is one chunk per run and one batch of changes. Batches have a few
 * thousand changes at most and are never empty.
 *
 * A key of `unknown` is sent again whether the target has it or not: an earlier change of it was rejected, so
 * that Braze may or may not have the member. `resend` adds every member of the target: Braze ignores members
 * without a user, and only a full send adds them once the user exists. Unmatched members are skipped, since
 * Braze has no user for them.
 *
 * @throws Error on a damaged chunk.
 * @example
 * ```ts
 * import { difference, once, runOfKeys } from '@braze-mixpanel/core/cohorts';
 *
 * const run = (...keys: string[]) => once(runOfKeys(keys).chunk);
 * const changes = await Array.fromAsync(difference(run('eada', 'ebob'), run('ebob', 'ecy')));
 * console.log(changes.flat().map(({ key, remove }) => `${remove ? '-' : '+'}${key}`).join()); // -eada,+ecy
 * ```
 */
export async function* difference(
  known: AsyncIterable<Uint8Array>,
  target: AsyncIterable<Uint8Array>,
  { after, resend = false, unknown = [] }: DifferenceOptions = {},
): AsyncGenerator<MemberChange[]> {
  let batch: MemberChange[] = [];
  let resumed = after === undefined;
  const runs = [known, target, once(runOfKeys(unknown).chunk)];
  const visit = (cursor: RunCursor, presence: number) => {
    if (isUnmatched(cursor.bytes[cursor.start])) return;
    const wanted = (presence & inTarget) !== 0;
    const held = (presence & inKnown) !== 0;
    if (wanted === held && !(resend && wanted) && (presence & inUnknown) === 0) return;
    const key = cursor.key;
    if (!resumed && compareUtf8(key, after!) <= 0) return;
    resumed = true;
    batch.push({ key, remove: !wanted });
  };
  const steps = walkRuns(runs, visit, resend ? undefined : inKnown | inTarget);
  for await (const _ of steps) {
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Run of one chunk; of none if the chunk is empty.
 *
 * @example
 * ```ts
 * import { once, runOfKeys } from '@braze-mixpanel/core/cohorts';
 *
 * const chunks = await Array.fromAsync(once(runOfKeys(['eada']).chunk));
 * console.log(chunks.length); // 1
 * ```
 */
export async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  if (chunk.length > 0) yield chunk;
}
