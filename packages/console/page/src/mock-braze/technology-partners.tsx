import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { Copied } from '../parts/copied.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { Where } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { LatestOutcome, Outcomes } from '../parts/outcomes.tsx';
import { Table } from '../parts/table.tsx';
import { When } from '../parts/when.tsx';
import type { DataImportKey, PartnerPage } from './data-import-keys.ts';

/** The page Technology Partners → Mixpanel: REST endpoint and data import keys. */
export function TechnologyPartners({ server }: ViewProps) {
  const page = usePolled<PartnerPage>(server, '_sim/data-import-keys');
  return (
    <>
      <Where of={['Partner Integrations', 'Technology Partners', 'Mixpanel']} />
      <Loaded of={page}>
        {({ rest_endpoint, keys }) => (
          <article class="card">
            <header>
              <h2>Mixpanel</h2>
              <Elsewhere server="mock-mixpanel" view="destinations" id="new">
                Connect them in Mixpanel
              </Elsewhere>
            </header>
            <p class="quiet">
              Mixpanel imports its cohorts into Braze with the endpoint and the key below. Copy both into
              Mixpanel.
            </p>
            <Facts
              of={[['REST endpoint', <Copied key="endpoint" of={rest_endpoint} label="the REST endpoint" />]]}
            />
            <Outcomes isPlaced>
              <Part title="Data import keys" aside={<KeyActions server={server} onChange={page.reload} />}>
                <LatestOutcome />
                {keys.length === 0 ? (
                  <Empty>No key yet: Mixpanel cannot import cohorts. Generate one.</Empty>
                ) : (
                  <Keys server={server} keys={keys} onChange={page.reload} />
                )}
              </Part>
            </Outcomes>
          </article>
        )}
      </Loaded>
    </>
  );
}

interface KeyActionsProps {
  readonly server: Server;
  readonly onChange: () => Promise<void>;
}

/** Creates a key, beside the others or instead of them. */
function KeyActions({ server, onChange }: KeyActionsProps) {
  const create = (renew: boolean) => async () => {
    const made = await call<DataImportKey>(server, '_sim/data-import-keys', {
      method: 'POST',
      body: { renew },
    });
    await onChange();
    return `${made.key} is active.`;
  };
  return (
    <span class="row">
      <Action look="primary" run={create(false)}>
        Generate new key
      </Action>
      <Action
        look="danger"
        confirm="Create a new key and invalidate all others? Mixpanel's exports fail with 401 until it has the new key."
        run={create(true)}
      >
        Replace all
      </Action>
    </span>
  );
}

function Keys({ server, keys, onChange }: KeyActionsProps & { keys: readonly DataImportKey[] }) {
  const invalidate =
    ({ id, key }: DataImportKey) =>
    async () => {
      await call(server, `_sim/data-import-keys/${encodeURIComponent(id)}`, { method: 'DELETE' });
      await onChange();
      return `${key} is invalidated.`;
    };
  return (
    <Table
      label="Data import keys"
      rows={keys.toReversed()}
      keyOf={each => each.id}
      columns={[
        { name: 'Key', kind: 'main', cell: each => <Copied of={each.key} label={`the key ${each.id}`} /> },
        {
          name: 'State',
          kind: 'state',
          cell: ({ state }) =>
            state === 'active' ? <Chip tone="good">Active</Chip> : <Chip tone="plain">Invalidated</Chip>,
        },
        { name: 'Created', cell: each => <When at={each.created_at} /> },
        {
          name: 'Invalidate',
          cell: each =>
            each.state === 'active' && (
              <Action
                label={`Invalidate ${each.id}`}
                confirm="Invalidate this key? Exports that use it fail with 401 from the next request on."
                run={invalidate(each)}
              >
                Invalidate
              </Action>
            ),
        },
      ]}
    />
  );
}
