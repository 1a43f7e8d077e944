import { Chip } from '../parts/chip.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import type { Trial } from './dead-letter.ts';
import { Reason } from './reasons.tsx';

interface TrialResultProps {
  readonly of: Trial;
  /** Shows the mapped event. */
  readonly isShown?: boolean;
  /** The failure that is shown already, which is not repeated. */
  readonly before?: { readonly reason: string; readonly detail: string };
}

export function TrialResult({ of, isShown = false, before }: TrialResultProps) {
  if (of.outcome === 'mapped')
    return (
      <>
        <p class="line">
          <Chip tone="good">It maps</Chip>
          <Chip tone={of.refusals.length === 0 ? 'good' : 'bad'}>
            {of.refusals.length === 0
              ? 'Mixpanel accepts it by the documented rules'
              : 'Mixpanel would refuse it by the documented rules'}
          </Chip>
          <span class="quiet">Only Mixpanel’s own answer vouches for it.</span>
        </p>
        {of.refusals.length > 0 && (
          <ul class="bullets">
            {of.refusals.map(({ field, message }) => (
              <li key={field + message}>
                <Code of={field} /> <Text of={message} length={300} />
              </li>
            ))}
          </ul>
        )}
        {isShown && <Json title="The event for Mixpanel" value={of.mapped} />}
      </>
    );
  if (of.outcome === 'dead' && of.reason === before?.reason && of.detail === before.detail)
    return (
      <p class="line">
        <Chip tone="bad">It would fail again</Chip>
        <span class="quiet">For the same reason, under the present settings.</span>
      </p>
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
