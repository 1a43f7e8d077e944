import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Part } from '../parts/facts.tsx';
import { count } from '../parts/format.ts';
import { Reason } from '../service/reasons.tsx';
import type { Counts, Status } from '../service/status.ts';

/** What did not arrive, and why: by reason, in an order that does not change. */
export function Refused({ of: { connections }, service }: { of: Status; service: string }) {
  const all = Object.values(connections);
  const dead = added(all.map(({ deadLettered }) => deadLettered));
  const skipped = added(all.map(each => each.skipped));
  const letters = (code: string) =>
    routeOf(service, 'dead-letters', undefined, `?reason=${encodeURIComponent(code)}`);
  return (
    <div class="refused">
      <Part level="h2" title="Dead letters: refused, and kept with the reason">
        {dead.length === 0 ? (
          <p class="quiet">No event was refused.</p>
        ) : (
          <ul class="reasons">
            {dead.map(([code, number]) => (
              <li key={code}>
                <Link href={letters(code)}>
                  <b>{count(number)}</b>
                </Link>
                <Reason code={code} />
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part level="h2" title="Skipped: not meant for Mixpanel">
        {skipped.length === 0 ? (
          <p class="quiet">No event was skipped.</p>
        ) : (
          <ul class="reasons">
            {skipped.map(([code, number]) => (
              <li key={code}>
                <b>{count(number)}</b>
                <Reason code={code} />
              </li>
            ))}
          </ul>
        )}
      </Part>
    </div>
  );
}

function added(all: readonly Counts[]): readonly (readonly [code: string, number: number])[] {
  const totals = new Map<string, number>();
  for (const counts of all)
    for (const [code, number] of Object.entries(counts)) totals.set(code, (totals.get(code) ?? 0) + number);
  return [...totals].sort(([a], [b]) => a.localeCompare(b));
}
