import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import type { Tour } from './use-tour.ts';

interface Leftover {
  readonly name: string;
  readonly server: Server;
  readonly path: string;
}

/** What the tour made and the servers still have, in the order in which it is removed: first what sends. */
function leftoversOf({ braze, mixpanel, made }: Tour): readonly Leftover[] {
  const { current, sync, segment, destination } = made ?? {};
  const all: readonly (readonly [Server, string, string | undefined, string | undefined])[] = [
    [braze, 'currents', current?.id, current?.name],
    [mixpanel, 'syncs', sync?.id, sync?.id],
    [braze, 'segments', segment?.id, segment?.name],
    [mixpanel, 'destinations', destination?.id, destination && `the connection ${destination.name}`],
  ];
  return all.flatMap(([server, kind, id, name]) =>
    id === undefined ? [] : [{ name: name ?? id, server, path: `_sim/${kind}/${encodeURIComponent(id)}` }],
  );
}

/** Why the tour is at an earlier step, and what to do with what it left. */
export function Gone({ tour, onRemoved }: { tour: Tour; onRemoved: () => void }) {
  const { gone, change } = tour;
  if (gone.length === 0) return null;
  const left = leftoversOf(tour);
  const names = new Intl.ListFormat('en').format(left.map(({ name }) => name.slice(0, 60)));
  const remove = async () => {
    for (const { server, path } of left) await call(server, path, { method: 'DELETE' });
    change(undefined);
    onRemoved();
    await tour.reload();
    return undefined;
  };
  return (
    <div class="card gone">
      <p role="status">
        The tour is back at the first step whose result is gone. {gone.join(' ')} Do that step again, and
        those after it count again.
      </p>
      {left.length > 0 && (
        <>
          <p>Still there, and running where it sends: {names}.</p>
          <div class="row">
            <Action look="danger" confirm={`Remove ${names}? The tour then begins again.`} run={remove}>
              Remove what the tour left
            </Action>
          </div>
        </>
      )}
    </div>
  );
}
