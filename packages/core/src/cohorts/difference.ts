/**
 * The changes that turn what Braze is known to hold (`known`) into what Mixpanel says (`target`), in key order, each key
 * once. Streaming: memory is one chunk per run and one batch of changes, whatever the size of the cohort.
 *
 * Members whose state in Braze is unknown (`unknown`: a change was refused, so it may or may not hold) are sent again
 * whichever way the target has them. `resend` adds every member of the target, known or not: Braze ignores members it
 * has no user for, and only a full re-send brings those in once they exist.
 *
 * Unmatched members are passed over here, since nothing can be said about them to Braze.
 */
import { isUnmatched } from './member.ts';
import { runOfKeys } from './run.ts';
import { compareUtf8 } from './utf8-order.ts';
import { walkRuns } from './walk.ts';

export interface MemberChange {
  /** `memberKey` of the member. */
  readonly key: string;
  readonly remove: boolean;
}

export interface DifferenceOptions {
  /** Keys up to and including this one are settled: the difference resumes behind it. */
  readonly after?: string | undefined;
  readonly resend?: boolean;
  /** Sorted (`sortKeys`). */
  readonly unknown?: readonly string[];
}

const inKnown = 1;
const inTarget = 2;
const inUnknown = 4;

/** Yields batches of some thousand changes at most; never an empty one. */
export async function* difference(
  known: AsyncIterable<Uint8Array>,
  target: AsyncIterable<Uint8Array>,
  { after, resend = false, unknown = [] }: DifferenceOptions = {},
): AsyncGenerator<MemberChange[]> {
  let batch: MemberChange[] = [];
  let resumed = after === undefined;
  const steps = walkRuns([known, target, once(runOfKeys(unknown).chunk)], (cursor, presence) => {
    if (isUnmatched(cursor.bytes[cursor.start])) return;
    const wanted = (presence & inTarget) !== 0;
    const held = (presence & inKnown) !== 0;
    if (wanted === held && !(resend && wanted) && (presence & inUnknown) === 0) return;
    const key = cursor.key;
    if (!resumed && compareUtf8(key, after!) <= 0) return;
    resumed = true;
    batch.push({ key, remove: !wanted });
  });
  for await (const _ of steps) {
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A run of one chunk. */
export async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  if (chunk.length > 0) yield chunk;
}
