import { useLocation } from 'wouter-preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { TraceOf } from '../app/elsewhere.tsx';
import { Link } from '../app/link.tsx';
import { routeOf, useFilter, usePrivateFilter } from '../app/routes.ts';
import type { ViewProps } from '../app/view-props.ts';
import { Action } from '../parts/action.tsx';
import { Facts, Part } from '../parts/facts.tsx';
import { Search } from '../parts/fields.tsx';
import { count } from '../parts/format.ts';
import { Empty, Loaded, Missing } from '../parts/loaded.tsx';
import { Pages } from '../parts/pages.tsx';
import { Split } from '../parts/split.tsx';
import { Table } from '../parts/table.tsx';
import { Code, Json, Text } from '../parts/text.tsx';
import { type User, UserName } from './user.tsx';
import { UserForm } from './user-form.tsx';

interface ImportedCohort {
  readonly cohort_id: string;
  readonly name: string;
  readonly members: readonly string[];
}

const pageSize = 100;

/** The user profiles of Braze. The opened one is in the address by its Braze ID, which is no ID of a person. */
export function Users({ server, id }: ViewProps) {
  const [, navigate] = useLocation();
  const [wanted, setWanted] = usePrivateFilter('user');
  const [from] = useFilter('from');
  const offset = /^\d{1,9}$/.test(from) ? Number(from) : 0;
  const path =
    wanted === ''
      ? `_sim/users?offset=${offset}&limit=${pageSize}`
      : `_sim/users?external_id=${encodeURIComponent(wanted)}`;
  const users = usePolled<readonly User[]>(server, path);
  const hash = wanted === '' ? '' : `#${new URLSearchParams({ user: wanted })}`;
  const search = `${offset === 0 ? '' : `?from=${offset}`}${hash}`;
  const list = routeOf(server.name, 'users', undefined, search);
  const opened = users.data?.find(each => each.braze_id === id);
  return (
    <Split
      id={id}
      title={id === 'new' ? 'Add users' : opened ? <UserName of={opened} /> : 'User'}
      back={list}
      detail={
        id === 'new' ? (
          <UserForm server={server} onAdded={users.reload} />
        ) : opened ? (
          <UserCard
            server={server}
            user={opened}
            onDeleted={async () => {
              await users.reload();
              navigate(list);
            }}
          />
        ) : users.data === undefined ? (
          <p class="loading">Loading …</p>
        ) : (
          <Missing>There is no such user in this list.</Missing>
        )
      }
    >
      <div class="row">
        <Link class="button primary" href={routeOf(server.name, 'users', 'new', search)}>
          Add users
        </Link>
        <Search label="Find a user" placeholder="External ID, in full" value={wanted} onValue={setWanted} />
      </div>
      <Loaded of={users}>
        {all =>
          all.length === 0 ? (
            <Empty>{wanted === '' ? 'No users here.' : 'No user has this external ID.'}</Empty>
          ) : (
            <>
              <Table
                label="Users"
                rows={all}
                keyOf={each => each.braze_id}
                opens={each => routeOf(server.name, 'users', each.braze_id, search)}
                opened={id}
                columns={[
                  { name: 'User', kind: 'main', cell: each => <UserName of={each} /> },
                  { name: 'Devices', kind: 'number', cell: each => count(each.device_ids.length) },
                  {
                    name: 'Attributes',
                    kind: 'number',
                    cell: each => count(Object.keys(each.attributes).length),
                  },
                ]}
              />
              {wanted === '' && (
                <Pages
                  newest={routeOf(server.name, 'users')}
                  older={
                    all.length < pageSize
                      ? undefined
                      : routeOf(server.name, 'users', undefined, `?from=${offset + pageSize}`)
                  }
                  isNewest={offset === 0}
                  names={['First', 'Next']}
                />
              )}
            </>
          )
        }
      </Loaded>
    </Split>
  );
}

interface UserCardProps {
  readonly server: Server;
  readonly user: User;
  readonly onDeleted: () => Promise<void>;
}

function UserCard({ server, user, onDeleted }: UserCardProps) {
  const cohorts = usePolled<readonly ImportedCohort[]>(server, '_sim/cohorts', 5_000);
  const { external_id } = user;
  const remove = async () => {
    await call(server, `_sim/users/${encodeURIComponent(user.braze_id)}`, { method: 'DELETE' });
    await onDeleted();
    return undefined;
  };
  return (
    <>
      <Facts
        of={[
          [
            'External ID',
            external_id === undefined ? 'none: anonymous' : <Text key="id" of={external_id} length={600} />,
          ],
          ['Braze ID', <Code key="braze" of={user.braze_id} />],
          ['Devices', user.device_ids.length === 0 ? 'none' : <Text of={user.device_ids.join(', ')} />],
          ['Time zone', <Text key="zone" of={user.timezone} />],
        ]}
      />
      <div class="row">
        {external_id !== undefined && <TraceOf user={external_id} />}
        <Action look="danger" confirm="Delete this user? They leave all cohorts in Braze." run={remove}>
          Delete user
        </Action>
      </div>
      {external_id !== undefined && (
        <Part title="Imported cohorts">
          <Loaded of={cohorts}>
            {all => {
              const member = all.filter(({ members }) => members.includes(external_id));
              return member.length === 0 ? (
                <Empty>In none of the {count(all.length)} imported cohorts.</Empty>
              ) : (
                <ul class="ids">
                  {member.map(each => (
                    <li key={each.cohort_id}>
                      <Link href={routeOf(server.name, 'cohorts', each.cohort_id)}>
                        <Text of={each.name} length={80} />
                      </Link>
                    </li>
                  ))}
                </ul>
              );
            }}
          </Loaded>
        </Part>
      )}
      <Json title="Attributes" value={user.attributes} />
    </>
  );
}
