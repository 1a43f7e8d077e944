import { usePolled } from '../../api/use-polled.ts';
import { about, type Server } from '../../app/about.ts';
import { TraceOf } from '../../app/elsewhere.tsx';
import { Link } from '../../app/link.tsx';
import { routeOf, usePrivateFilter } from '../../app/routes.ts';
import { Chip } from '../../parts/chip.tsx';
import { Part } from '../../parts/facts.tsx';
import { Search } from '../../parts/fields.tsx';
import { count } from '../../parts/format.ts';
import { Empty, Loaded } from '../../parts/loaded.tsx';
import { Table } from '../../parts/table.tsx';
import { Code, Json, Text } from '../../parts/text.tsx';
import { When } from '../../parts/when.tsx';
import type { Membership, Trace } from '../../service/traced-events.ts';
import type { KeptRequest } from './followed.ts';
import { KeptRequests } from './requests.tsx';

interface Cohort {
  readonly id: number;
  readonly name: string;
  readonly members?: readonly { readonly distinct_id: string }[];
}
interface Imported {
  readonly cohort_id: string;
  readonly name: string;
  readonly members: readonly string[];
}

/** Most offered members. */
const offered = 60;

/** One member of a cohort, from Mixpanel's list to the user in Braze. */
export function FollowMember() {
  const servers = about().servers;
  const of = (name: string) => servers.find(each => each.name === name);
  const [service, braze, mixpanel] = [of('service'), of('mock-braze'), of('mock-mixpanel')];
  const [user, setUser] = usePrivateFilter('user');
  if (!service || !braze || !mixpanel) return <Empty>This console does not show all three servers.</Empty>;
  return (
    <>
      <div class="row">
        <Search label="External ID" placeholder="External ID of a member" value={user} onValue={setUser} />
      </div>
      {user === '' ? (
        <Members mixpanel={mixpanel} />
      ) : (
        <Member key={user} user={user} service={service} braze={braze} mixpanel={mixpanel} />
      )}
    </>
  );
}

const routeOfMember = (user: string) =>
  routeOf('sandbox', 'members', undefined, `#${new URLSearchParams({ user })}`);

/** Members to choose from, by cohort. */
function Members({ mixpanel }: { mixpanel: Server }) {
  const cohorts = usePolled<readonly Cohort[]>(mixpanel, '_sim/cohorts', 10_000);
  return (
    <Loaded of={cohorts}>
      {all =>
        all.length === 0 ? (
          <Empty>Mixpanel has no cohort yet.</Empty>
        ) : (
          all.map(({ id, name, members = [] }) => (
            <Part key={id} level="h2" title={name.slice(0, 80)}>
              <ul class="ids">
                {members.slice(0, offered).map(({ distinct_id }) => (
                  <li key={distinct_id}>
                    <Link href={routeOfMember(distinct_id)}>
                      <Text of={distinct_id} length={60} />
                    </Link>
                  </li>
                ))}
              </ul>
              {members.length > offered && (
                <p class="quiet">
                  The first {offered} of {count(members.length)} members. Enter the external ID of another one
                  above.
                </p>
              )}
            </Part>
          ))
        )
      }
    </Loaded>
  );
}

interface Traffic {
  readonly keeps: boolean;
  /** When the oldest kept request was sent; `null` where none is kept. */
  readonly since: string | null;
  readonly requests: readonly KeptRequest[];
}

interface MemberProps {
  readonly user: string;
  readonly service: Server;
  readonly braze: Server;
  readonly mixpanel: Server;
}

function Member({ user, service, braze, mixpanel }: MemberProps) {
  const trace = usePolled<Trace>(service, 'api/trace', 4_000, { externalId: user });
  const lists = usePolled<readonly Cohort[]>(mixpanel, '_sim/cohorts', 4_000);
  const imported = usePolled<readonly Imported[]>(braze, '_sim/cohorts', 4_000);
  const traffic = usePolled<Traffic>(service, 'api/traffic/requests', 4_000, { search: user, of: 'members' });
  return (
    <>
      <Loaded of={trace}>
        {({ cohorts }) => (
          <Part level="h2" title="From Mixpanel's list to Braze">
            {cohorts.length === 0 ? (
              <Empty>
                The user is in no cohort sync now: neither in a newest list of Mixpanel nor in one that Braze
                accepted.
              </Empty>
            ) : (
              <div class="memberships">
                <Table
                  label="Memberships"
                  rows={cohorts}
                  keyOf={({ sync, as }) => `${sync} ${as}`}
                  opens={({ sync }) => routeOf(service.name, 'cohorts', sync)}
                  columns={[
                    { name: 'Cohort', kind: 'main', cell: ({ name }) => <Text of={name} length={60} /> },
                    {
                      name: 'In Mixpanel now',
                      cell: each => <Known is={lists.error ? undefined : isListed(each, user, lists.data)} />,
                    },
                    { name: 'Newest read list', cell: ({ inMixpanel }) => <Known is={inMixpanel} /> },
                    { name: 'As', cell: ({ as }) => <Code of={as} /> },
                    {
                      name: 'Accepted by Braze',
                      cell: ({ inBraze, refused }) =>
                        refused ? <Chip tone="bad">Refused</Chip> : <Known is={inBraze} />,
                    },
                    {
                      name: 'In the imported cohort',
                      cell: each => (
                        <Known is={imported.error ? undefined : isImported(each, user, imported.data)} />
                      ),
                    },
                    { name: 'Why', kind: 'main', cell: ({ why }) => <Text of={why} length={300} /> },
                  ]}
                />
              </div>
            )}
          </Part>
        )}
      </Loaded>
      <Loaded of={traffic}>
        {({ keeps, since, requests }) =>
          requests.length === 0 ? (
            <>
              <Empty>
                {keeps ? (
                  <NoRequest since={since} />
                ) : (
                  'The service keeps no recent traffic. Set KEEP_TRAFFIC and restart it.'
                )}
              </Empty>
              <div class="row">
                <Link class="button" href={routeOf(service.name, 'cohorts')}>
                  Runs and ledgers of the cohort syncs
                </Link>
                <TraceOf user={user} />
              </div>
            </>
          ) : (
            <KeptRequests of={requests.toReversed()} title="Requests that had this user" noun="request" />
          )
        }
      </Loaded>
      <BrazeUser user={user} service={service} braze={braze} />
    </>
  );
}

/** Why no request is shown: earlier ones may have had the user. */
const NoRequest = ({ since }: Pick<Traffic, 'since'>) =>
  since === null ? (
    <>
      No requests to Braze or Mixpanel are kept now. The service keeps one until newer ones take its place, it
      restarts, or a user is forgotten.
    </>
  ) : (
    <>
      No kept request to Braze or Mixpanel has this user. The oldest kept one was sent <When at={since} />.
      Earlier ones are not kept. A user who did not join or leave since then is sent again with the next full
      send only.
    </>
  );

const Known = ({ is }: { is: boolean | undefined }) =>
  is === undefined ? (
    <span class="quiet">not known</span>
  ) : is ? (
    <Chip tone="good">Yes</Chip>
  ) : (
    <Chip tone="plain">No</Chip>
  );

/** Whether Mixpanel's own list has the user; `undefined` where that is not known. */
const isListed = ({ sync }: Membership, user: string, all: readonly Cohort[] | undefined) =>
  all
    ?.find(({ id }) => sync.endsWith(`:${id}`) || sync === String(id))
    ?.members?.some(({ distinct_id }) => distinct_id === user);

/** Whether the cohort that Braze imported has the user; `undefined` where there is none, as for attributes. */
const isImported = ({ sync }: Membership, user: string, all: readonly Imported[] | undefined) =>
  all?.find(({ cohort_id }) => sync.endsWith(`:${cohort_id}`) || sync === cohort_id)?.members.includes(user);

/** The user as Braze has them. Mock Braze gives all users, so that no address has the ID. */
function BrazeUser({ user, braze }: Pick<MemberProps, 'user' | 'braze' | 'service'>) {
  const users = usePolled<readonly { readonly external_id?: string }[]>(
    braze,
    '_sim/users?limit=10000',
    10_000,
  );
  return (
    <Loaded of={users}>
      {all => {
        const found = all.find(({ external_id }) => external_id === user);
        return found === undefined ? (
          <Empty>
            {all.length < 10_000
              ? 'Braze has no user with this external ID.'
              : 'The user is not among the first 10,000 of Braze.'}
          </Empty>
        ) : (
          <Part level="h2" title="User in Braze">
            <Json title="As Braze has them" value={found} />
          </Part>
        );
      }}
    </Loaded>
  );
}
