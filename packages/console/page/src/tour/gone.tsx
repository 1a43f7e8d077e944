import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import type { Destination } from '../mock-mixpanel/destination.ts';
import type { Sync } from '../mock-mixpanel/sync.ts';
import { Action } from '../parts/action.tsx';
import type { Tour } from './use-tour.ts';

interface Leftover {
  readonly name: string;
  readonly server: Server;
  readonly path: string;
  /** What else uses it: then it stays. */
  readonly users: readonly string[];
  /** A key is not removed: Braze goes on showing it, as invalidated. */
  readonly isKey: boolean;
}

/** What mock Mixpanel sends with a key. */
interface KeyUses {
  readonly destinations: readonly Destination[];
  /** IDs. */
  readonly syncs: readonly string[];
}

const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

const connectionOf = ({ name }: Destination): string => `the connection ${name.slice(0, 60)}`;

const syncsOf = ({ made }: Tour): readonly Sync[] =>
  made?.sync === undefined ? [] : [made.sync, ...made.earlierSyncs];

/**
 * What the tour made and the servers still have, in the order in which it is removed: first what sends. An invalidated
 * key is none of that. Nothing before it is known what uses the key.
 */
function useLeftovers(tour: Tour): readonly Leftover[] {
  const { braze, mixpanel, made, gone } = tour;
  const key = gone.length > 0 && made?.key?.state === 'active' ? made.key : undefined;
  const path = key && '_sim/destinations/with-key';
  const uses = usePolled<KeyUses>(mixpanel, path, 2_000, { dataImportKey: key?.key });
  if (key !== undefined && uses.data === undefined) return [];
  const { current, segment, destination } = made ?? {};
  const own = syncsOf(tour).map(({ id }) => id);
  const others = (ids: readonly string[]) => ids.filter(id => !own.includes(id));
  const all: readonly (readonly [Server, string, string | undefined, string?, (readonly string[])?])[] = [
    [braze, 'currents', current?.id, current?.name.slice(0, 60)],
    ...own.map(id => [mixpanel, 'syncs', id] as const),
    [braze, 'segments', segment?.id, segment?.name.slice(0, 60)],
    [
      ...([mixpanel, 'destinations', destination?.id] as const),
      ...([destination && connectionOf(destination), others(destination?.syncs ?? [])] as const),
    ],
    [
      ...([braze, 'data-import-keys', key?.id, `the key ${key?.key}`] as const),
      [
        ...others(uses.data?.syncs ?? []),
        ...(uses.data?.destinations ?? []).filter(({ id }) => id !== destination?.id).map(connectionOf),
      ],
    ],
  ];
  return all.flatMap(([server, kind, id, name = id ?? '', users = []]) =>
    id === undefined
      ? []
      : [{ name, server, path: `_sim/${kind}/${encodeURIComponent(id)}`, users, isKey: id === key?.id }],
  );
}

/** What of it goes on sending, as a sentence; empty where nothing does. */
function sendingOf(tour: Tour): string {
  const running = syncsOf(tour).filter(({ state }) => state === 'waiting' || state === 'syncing');
  const senders = [
    ...(running.length === 0 ? [] : [running.length === 1 ? 'its sync' : 'its syncs']),
    ...(tour.made?.current?.state === 'launched' ? ['its Current'] : []),
  ];
  if (senders.length === 0) return '';
  const verb = senders.length === 1 && running.length <= 1 ? 'goes' : 'go';
  return ` ${listed(senders).replace('its', 'Its')} ${verb} on sending.`;
}

/** Why the tour is at an earlier step, and what to do with what it left. */
export function Gone({ tour, onRemoved }: { tour: Tour; onRemoved: () => void }) {
  const { gone, change } = tour;
  const leftovers = useLeftovers(tour);
  if (gone.length === 0) return null;
  const removed = leftovers.filter(({ users }) => users.length === 0);
  const kept = leftovers.filter(({ users }) => users.length > 0);
  const remove = async () => {
    for (const { server, path } of removed) await call(server, path, { method: 'DELETE' });
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
      {removed.length > 0 && (
        <p>
          Still there: {listed(removed.map(({ name }) => name))}.{sendingOf(tour)}
        </p>
      )}
      {kept.length > 0 && <p>Not removed: {kept.map(keptText).join(', and ')}.</p>}
      {removed.length > 0 && (
        <div class="row">
          <Action look="danger" confirm={`${questionOf(removed)} The tour then begins again.`} run={remove}>
            Remove what the tour left
          </Action>
        </div>
      )}
    </div>
  );
}

const keptText = ({ name, users }: Leftover): string =>
  `${name}, which ${listed(users)} ${users.length === 1 ? 'uses' : 'use'}`;

/** What the removal does, as a question. */
function questionOf(removed: readonly Leftover[]): string {
  const [made, key] = [false, true].map(wanted =>
    listed(removed.filter(({ isKey }) => isKey === wanted).map(({ name }) => name)),
  );
  if (!made) return `Invalidate ${key}?`;
  return key ? `Remove ${made}, and invalidate ${key}?` : `Remove ${made}?`;
}
