import { Chip } from '../parts/chip.tsx';
import { inWords } from '../parts/format.ts';
import { Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { When } from '../parts/when.tsx';
import type { Current } from './current.ts';

const tones: Readonly<Record<string, Tone>> = { launched: 'good', disabled: 'bad' };

export const CurrentState = ({ of: { state, failingSince } }: { of: Current }) =>
  failingSince !== null && state === 'launched' ? (
    <Chip tone="bad">Launched, failing</Chip>
  ) : (
    <Chip tone={tones[state] ?? 'plain'} {...(state === 'paused' && { icon: 'pause' })}>
      {inWords(state)}
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
