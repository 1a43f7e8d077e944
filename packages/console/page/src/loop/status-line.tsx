import { useContext } from 'preact/hooks';
import { token } from '../api/token.ts';
import { type Polled, usePolled } from '../api/use-polled.ts';
import { about, type Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import type { Current } from '../mock-braze/current.ts';
import { exact, useNow, useTick, Zoned } from '../parts/clock.tsx';
import type { DeadLetter } from '../service/dead-letter.ts';
import type { Status } from '../service/status.ts';
import { serviceFigures } from './figures.ts';
import { brazeWords, type Phrase, statusWords } from './status-words.ts';
import { useRate } from './use-rates.ts';

interface StatusLineProps {
  readonly of: Polled<Status>;
  readonly service: Server;
}

/** The state of the service in one line of words; not known while its last answer failed. */
export function StatusLine({ of: { data, dataAt, error }, service }: StatusLineProps) {
  const { zone } = useContext(Zoned);
  const now = useNow();
  const tick = useTick();
  // `2026-01-31 16:13:00 UTC`: the time of day alone, up to the minute.
  const timeOf = (at: string) => exact(Date.parse(at), zone).slice(11, 16);
  const isKnown = data !== undefined && error === undefined;
  const dead = isKnown ? serviceFigures(data).dead : undefined;
  const isRefusingMore = useRate(dead, dataAt).history.some(rate => rate > 0);
  const isReadable = !about().asksForToken || !token.isNeeded();
  const path = (dead ?? 0) > 0 && isReadable ? 'api/dead-letters?limit=1' : undefined;
  const letters = usePolled<{ deadLetters: readonly DeadLetter[] }>(service, path, 5_000);
  const newestRefusal = letters.error === undefined ? letters.data?.deadLetters[0]?.diedAt : undefined;
  const braze = about().servers.find(({ name }) => name === 'mock-braze');
  const currents = usePolled<readonly Current[]>(braze ?? service, braze && '_sim/currents');
  const ofBraze =
    currents.error === undefined && currents.data !== undefined ? brazeWords(currents.data, now) : [];
  const ofService: readonly Phrase[] = isKnown
    ? statusWords(data, {
        ...{ now, age: Math.max(0, tick - dataAt), timeOf },
        ...{ isRefusingMore, newestRefusal },
      })
    : [{ tone: 'plain', text: 'Receiving, delivering and waiting: not known' }];
  const phrases = [...ofBraze, ...ofService];
  return (
    <section class="status-line" aria-label="Status">
      {phrases.map(({ tone, text, view }, index) => (
        <span key={index} class={tone}>
          <span>
            {view === undefined ? (
              text
            ) : (
              <Link href={routeOf(view === 'currents' ? 'mock-braze' : service.name, view)}>{text}</Link>
            )}
          </span>
        </span>
      ))}
    </section>
  );
}
