import { Chip } from '../parts/chip.tsx';
import { Json, Text } from '../parts/text.tsx';
import type { Trial } from './dead-letter.ts';
import { Reason } from './reasons.tsx';

export function TrialResult({ of, isShown = false }: { of: Trial; isShown?: boolean }) {
  if (of.outcome === 'mapped')
    return (
      <>
        <p class="line">
          <Chip tone="good">It maps</Chip>
          <span class="quiet">Whether Mixpanel accepts it, its answer will tell.</span>
        </p>
        {isShown && <Json title="The event for Mixpanel" value={of.mapped} />}
      </>
    );
  return (
    <>
      <p class="line">
        {of.outcome === 'skipped' ? (
          <Chip tone="warn">It would be skipped</Chip>
        ) : (
          <Chip tone="bad">It would fail again</Chip>
        )}
        <Reason code={of.reason} />
      </p>
      {of.outcome === 'dead' && (
        <p class="quote">
          <Text of={of.detail} length={600} />
        </p>
      )}
    </>
  );
}
