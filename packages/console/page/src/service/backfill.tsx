import { Chip } from '../parts/chip.tsx';
import { inWords } from '../parts/format.ts';
import type { Tone } from '../parts/tone.ts';
import { When } from '../parts/when.tsx';
import type { Counts } from './status.ts';

/** A back-fill as the API answers it. */
export interface Backfill {
  readonly id: number;
  readonly connection: string;
  readonly source: string;
  readonly state: 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
  readonly problem: string | null;
  readonly collects: boolean;
  readonly collected: { readonly lookedAt: string; readonly problem: string | null } | null;
  readonly createdAt: string;
  readonly isDryRun: boolean;
  readonly isSearchForGaps: boolean;
  readonly report: {
    readonly total: { readonly files: number; readonly bytes: number } | null;
    readonly files: {
      readonly read: number;
      readonly damaged: number;
      readonly already: number;
      readonly passedOver: number;
      readonly unreadable: number;
      readonly other: number;
    };
    readonly bytes: number;
    readonly events: { readonly accepted: number; readonly notWanted: number; readonly tooOld: number };
    readonly byType: Counts;
    readonly faults: { readonly count: number };
  };
  readonly delivery: {
    readonly accepted: number;
    readonly imported: number;
    readonly skipped: Counts;
    readonly deadLettered: Counts;
    readonly pending: number;
  };
}

const tones: Readonly<Record<Backfill['state'], Tone>> = {
  running: 'busy',
  paused: 'plain',
  done: 'good',
  cancelled: 'plain',
  failed: 'bad',
};

export const JobState = ({ of: { state } }: { of: Backfill }) => (
  <Chip
    tone={tones[state]}
    {...(state === 'running' && { icon: 'play' })}
    {...(state === 'paused' && { icon: 'pause' })}
  >
    {inWords(state)}
  </Chip>
);

export function kindOf({ collects, isSearchForGaps, isDryRun }: Backfill): string {
  const kind = collects ? 'Collected files' : isSearchForGaps ? 'Search for gaps' : 'Back-fill';
  return isDryRun ? `${kind}, dry run` : kind;
}

export function shareOf({ collects, collected, report: { total, bytes } }: Backfill) {
  if (collects) return collected === null ? 'not yet looked' : <When at={collected.lookedAt} />;
  if (total === null) return 'counting files';
  return total.bytes === 0 ? '—' : `${Math.floor((100 * Math.min(bytes, total.bytes)) / total.bytes)} %`;
}
