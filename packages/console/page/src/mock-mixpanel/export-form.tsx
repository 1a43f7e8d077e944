import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { Action } from '../parts/action.tsx';
import { CardsEntry, ChoiceEntry, FieldError, Form, useForm } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import type { Destination } from './destination.ts';
import { hasExported, type Sync } from './sync.ts';

interface ExportFormProps {
  readonly server: Server;
  readonly cohort: string;
  readonly onStarted: (sync: Sync) => Promise<void> | void;
}

/** The menu of a cohort → Export to Braze. */
export function ExportForm({ server, cohort, onStarted }: ExportFormProps) {
  const destinations = usePolled<readonly Destination[]>(server, '_sim/destinations');
  const syncs = usePolled<readonly Sync[]>(server, '_sim/syncs');
  const present = syncs.data?.filter(each => each.cohort === Number(cohort)) ?? [];
  const exported = present.filter(hasExported);
  return (
    <Loaded of={destinations}>
      {all =>
        all.length === 0 ? (
          <Empty>
            Braze is not connected yet.{' '}
            <Link href={routeOf(server.name, 'destinations', 'new')}>Connect it under Destinations</Link>.
          </Empty>
        ) : (
          <>
            {exported.length > 0 && (
              <p class="quiet">
                Exported already, by{' '}
                {exported.map(({ id, mode }, index) => (
                  <span key={id}>
                    {index > 0 && ', '}
                    <Link href={routeOf(server.name, 'syncs', id)}>{id}</Link> ({mode})
                  </span>
                ))}
                .
              </p>
            )}
            <ExportTo {...{ server, cohort, onStarted, present }} destinations={all} />
          </>
        )
      }
    </Loaded>
  );
}

interface ExportToProps extends ExportFormProps {
  readonly destinations: readonly Destination[];
  /** The syncs that the cohort has. */
  readonly present: readonly Sync[];
}

function ExportTo({ server, cohort, destinations, present, onStarted }: ExportToProps) {
  const form = useForm({ mode: 'dynamic', destination: destinations.at(-1)!.id });
  const begin = form.submit(
    async ({ mode, destination }) => {
      const twin = present.find(
        each =>
          each.connectedTo === destination &&
          each.mode === 'dynamic' &&
          mode === 'dynamic' &&
          each.state !== 'paused',
      );
      if (twin !== undefined)
        throw new FieldError(
          'destination',
          `This cohort already has a dynamic sync to this connection: ${twin.id}. Open it to run, pause or delete it.`,
        );
      const body = { cohort: Number(cohort), mode, destination: { type: 'connected', id: destination } };
      const sync = await call<Sync>(server, '_sim/syncs', { method: 'POST', body });
      await onStarted(sync);
      return undefined;
    },
    { 'destination.id': 'destination' },
  );
  return (
    <Form of={form} label="Export to Braze">
      <ChoiceEntry
        name="destination"
        label="Connection"
        options={destinations.map(({ id, name, restEndpoint }) => [
          id,
          `Braze (${name.slice(0, 60)}), ${restEndpoint.slice(0, 80)}`,
        ])}
      />
      <CardsEntry
        name="mode"
        label="How often"
        options={[
          { value: 'one-time', title: 'One-time export', text: 'The members of now, sent once.' },
          {
            value: 'dynamic',
            title: 'Dynamic sync',
            text: 'Now, and every two hours who joined and who left.',
          },
        ]}
      />
      <div class="row">
        <Action look="primary" run={begin}>
          Begin sync
        </Action>
      </div>
    </Form>
  );
}
