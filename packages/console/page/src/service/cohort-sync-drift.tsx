import { count, counted } from '../parts/format.ts';
import { Text } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import type { Drift } from './status.ts';

/** The size of the segment in Braze beside the members, and when it was read; or why that is not known. */
export function DriftFact({ of }: { of: Drift | null }) {
  if (of === null) return <>not known: not compared with a segment of COHORT_SEGMENTS yet</>;
  const { checkedAt, size, day, accepted, difference, why } = of;
  if (difference === null)
    return (
      <>
        not known: <Text of={why ?? 'no reason was given'} length={300} /> · tried <When at={checkedAt} />
      </>
    );
  return (
    <>
      about {counted(size ?? 0, 'user')} on {day}, {inComparison(difference)} {count(accepted)} accepted ·
      read <When at={checkedAt} />
    </>
  );
}

function inComparison(difference: number): string {
  if (difference === 0) return 'as many as the';
  return `${count(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'} than the`;
}
