import type { BackfillState } from '@braze-mixpanel/storage';
import type { BackfillJson } from './backfill-endpoints.ts';

/** A change of a back-fill, by the route that makes it. */
export type BackfillChange = 'pause' | 'resume' | 'cancel';

const participles = { pause: 'paused', resume: 'resumed', cancel: 'cancelled' } as const;
/** The state in which the change has been made already. */
const targets = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const satisfies Record<
  BackfillChange,
  BackfillState
>;

/** Why a back-fill in this state cannot be changed, as a sentence that names it. */
export function refusedChange(
  verb: BackfillChange,
  { id, state }: Pick<BackfillJson, 'id' | 'state'>,
): string {
  const is = state === 'failed' ? 'has failed' : `is already ${state}`;
  return `Back-fill ${id} ${is}${state === targets[verb] ? '' : `, so it cannot be ${participles[verb]}`}.`;
}
