import { Chip } from '../parts/chip.tsx';
import type { ListedRequest } from './request.ts';

/** Status of an answer, and the faults that struck the request. */
export const Verdict = ({ of: { status, verdict, faults } }: { of: ListedRequest }) => (
  <>
    <Chip tone={verdict === 'accepted' ? 'good' : verdict === 'refused' ? 'warn' : 'bad'}>{status}</Chip>
    {faults.length > 0 && (
      <span class="struck">
        <Chip tone="bad" icon="bolt">
          {faults.join(', ')}
        </Chip>
      </span>
    )}
  </>
);
