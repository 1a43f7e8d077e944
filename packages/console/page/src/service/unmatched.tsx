import { useState } from 'preact/hooks';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Part } from '../parts/facts.tsx';
import { count, counted } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Text } from '../parts/text.tsx';
import type { CohortSync } from './status.ts';

/** Members that match no user in Braze: why, and on demand their IDs. */
export function Unmatched({ server, sync }: { server: Server; sync: CohortSync }) {
  const [isOpen, setOpen] = useState(false);
  const path = `api/cohorts/${encodeURIComponent(sync.id)}/unmatched?limit=100`;
  const unmatched = usePolled<{ unmatched: readonly string[] }>(server, isOpen ? path : undefined, 30_000);
  const { noId, refusedId, noUser } = sync.unmatchedBecause;
  const because = [
    [noId, 'without an ID for Braze'],
    [refusedId, 'with an ID that Braze refuses'],
    [noUser, 'whom Braze does not know'],
  ] as const;
  return (
    <Part
      title={`${counted(sync.unmatched, 'member')} without a user in Braze`}
      aside={
        !isOpen && (
          <button type="button" class="quietly" onClick={() => setOpen(true)}>
            Show IDs
          </button>
        )
      }
    >
      <p>
        {because
          .filter(([number]) => number > 0)
          .map(([number, why]) => `${count(number)} ${why}`)
          .join(', ')}
        .
      </p>
      {isOpen && (
        <Loaded of={unmatched}>
          {({ unmatched: ids }) => (
            <ul class="ids">
              {ids.map(each => (
                <li key={each}>
                  <Text of={each} length={80} />
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      )}
    </Part>
  );
}
