import { Chip } from '../parts/chip.tsx';
import type { IconName } from '../parts/icon-paths.ts';
import type { Tone } from '../parts/tone.ts';
import type { CohortSync } from './status.ts';
import { failureOf } from './sync-failure.ts';

/** The most urgent thing to know of a sync, in words. */
export function SyncState({ of }: { of: CohortSync }) {
  const [tone, text, icon] = stateOf(of);
  return (
    <Chip tone={tone} {...(icon && { icon })}>
      {text}
    </Chip>
  );
}

function stateOf(sync: CohortSync): [tone: Tone, text: string, icon?: IconName] {
  if (failureOf(sync) !== null) return ['bad', 'Fails'];
  if (sync.held !== null) return ['warn', 'Waits for you to confirm'];
  if (sync.running) return ['busy', 'Running', 'play'];
  if (sync.status === 'paused') return ['plain', 'Paused', 'pause'];
  if (sync.interrupted) return ['warn', 'Interrupted, will resume'];
  if (sync.status === 'done') return ['good', 'Done'];
  return sync.lastSuccess === null ? ['busy', 'Not synced yet'] : ['good', 'Active'];
}
