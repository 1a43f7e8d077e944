import { useContext } from 'preact/hooks';
import type { Polled } from '../api/use-polled.ts';
import { exact, useNow, useTick, Zoned } from '../parts/clock.tsx';
import type { Status } from '../service/status.ts';
import { statusWords } from './status-words.ts';

/** The state of the service in one line of words; not known while its last answer failed. */
export function StatusLine({ of: { data, dataAt, error } }: { of: Polled<Status> }) {
  const { zone } = useContext(Zoned);
  const now = useNow();
  const tick = useTick();
  // `2026-01-31 16:13:00 UTC`: the time of day alone, up to the minute.
  const timeOf = (at: string) => exact(Date.parse(at), zone).slice(11, 16);
  const phrases =
    data === undefined || error !== undefined
      ? ([{ tone: 'plain', text: 'Receiving, delivering and waiting: not known' }] as const)
      : statusWords(data, { now, age: Math.max(0, tick - dataAt), timeOf });
  return (
    <section class="status-line" aria-label="Status">
      {phrases.map(({ tone, text }, index) => (
        <span key={index} class={tone}>
          <span>{text}</span>
        </span>
      ))}
    </section>
  );
}
