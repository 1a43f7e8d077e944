import { Chip } from '../parts/chip.tsx';
import { inWords } from '../parts/format.ts';
import { Problem } from '../parts/loaded.tsx';
import { Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { When } from '../parts/when.tsx';
import { type Current, isFailing } from './current.ts';

const tones: Readonly<Record<string, Tone>> = { launched: 'good', disabled: 'bad' };

export const CurrentState = ({ of }: { of: Current }) =>
  isFailing(of) && of.state === 'launched' ? (
    <Chip tone="bad">Launched, failing</Chip>
  ) : (
    <Chip tone={tones[of.state] ?? 'plain'} {...(of.state === 'paused' && { icon: 'pause' })}>
      {inWords(of.state)}
    </Chip>
  );

export function LastAnswer({ of: { lastAnswer } }: { of: Current }) {
  if (lastAnswer === null) return <span class="quiet">none yet</span>;
  const { status, error, at } = lastAnswer;
  return (
    <>
      {status ?? (error === undefined ? 'written' : <Text of={error} />)} · <When at={at} />
    </>
  );
}

/** What keeps a Current from delivering, with what to do: beside the form that changes it. */
export function CurrentProblem({ of }: { of: Current }) {
  const { disabledReason, failingSince } = of;
  return (
    <>
      {disabledReason !== null && (
        <Problem>
          Braze disabled it: <Text of={disabledReason} length={600} />
        </Problem>
      )}
      {isFailing(of) && (
        <Problem>
          {failingSince === null ? (
            'Its latest request was not accepted.'
          ) : (
            <>
              Its requests have failed since <When at={failingSince} />.
            </>
          )}{' '}
          {adviceOn(of)}
        </Problem>
      )}
      {of.lastAnswer === null && of.state === 'launched' && <p class="quiet">{notSentYet}</p>}
    </>
  );
}

export const notSentYet =
  'Nothing was sent yet, so it is not known whether its address and its credentials are right. Send test events to see the answer.';

/** What to do about a failing Current. */
function adviceOn({ lastAnswer, kind }: Current): string {
  const { status } = lastAnswer ?? {};
  const credentials = kind === 'mixpanel-export' ? 'API secret and token' : 'bearer token';
  if (status === 401 || status === 403)
    return `The endpoint answered ${status}: correct the ${credentials} below. Braze keeps the events and sends them again.`;
  if (status === 404) return 'The endpoint answered 404: correct its address below.';
  return status === undefined
    ? 'The endpoint did not answer: check that it runs and its address.'
    : `The endpoint answered ${status}.`;
}
