import type { ComponentType } from 'preact';
import { Follow } from '../loop/follow/follow.tsx';
import { FollowMember } from '../loop/follow/follow-member.tsx';
import { Loop } from '../loop/loop.tsx';
import { Currents } from '../mock-braze/currents.tsx';
import { ImportedCohorts } from '../mock-braze/imported-cohorts.tsx';
import { Segments } from '../mock-braze/segments.tsx';
import { TechnologyPartners } from '../mock-braze/technology-partners.tsx';
import { Users } from '../mock-braze/users.tsx';
import { Cohorts } from '../mock-mixpanel/cohorts.tsx';
import { Destinations } from '../mock-mixpanel/destinations.tsx';
import { Events } from '../mock-mixpanel/events.tsx';
import { Syncs } from '../mock-mixpanel/syncs.tsx';
import type { IconName } from '../parts/icon-paths.ts';
import { DeliveryReport } from '../sandbox/delivery-report.tsx';
import { AlertCount } from '../service/alert-count.tsx';
import { Alerts } from '../service/alerts.tsx';
import { Audit } from '../service/audit.tsx';
import { Backfills } from '../service/backfills.tsx';
import { CohortSyncs } from '../service/cohort-syncs.tsx';
import { Connections } from '../service/connections.tsx';
import { DeadLetters } from '../service/dead-letters.tsx';
import { ForgottenUsers } from '../service/forgotten-users.tsx';
import { Reconcile } from '../service/reconcile.tsx';
import { Trace } from '../service/trace.tsx';
import { Coverage } from '../simulator/coverage.tsx';
import { Faults } from '../simulator/faults.tsx';
import { Requests } from '../simulator/requests.tsx';
import { Time } from '../time/time.tsx';
import { Tour } from '../tour/tour.tsx';
import { about, type Server } from './about.ts';
import type { ViewProps } from './view-props.ts';

export interface ViewEntry {
  /** Its part of the address. */
  readonly path: string;
  readonly title: string;
  readonly icon: IconName;
  readonly View: ComponentType<ViewProps>;
  /** Whether nothing in it can be opened, so that it has one address only. */
  readonly isWhole?: boolean;
  /** What its entry of the navigation counts. */
  readonly Count?: ComponentType<{ server: Server }>;
}

/** Views of one server, or of all together, under a heading of the navigation. */
export interface Group {
  readonly name: string;
  readonly title: string;
  /** The server that its views show. */
  readonly server: Server;
  readonly views: readonly ViewEntry[];
}

const simulator: readonly ViewEntry[] = [
  { path: 'requests', title: 'Requests', icon: 'list', View: Requests },
  { path: 'faults', title: 'Faults', icon: 'bolt', View: Faults, isWhole: true },
  { path: 'coverage', title: 'Coverage', icon: 'book', View: Coverage },
];

/** A sandbox has it once, for all servers. */
const time: ViewEntry = { path: 'time', title: 'Time', icon: 'clock', View: Time, isWhole: true };

/** The views of each server by its name; any other simulator has those of every simulator. */
const views: Readonly<Record<string, readonly ViewEntry[]>> = {
  service: [
    { path: 'connections', title: 'Connections', icon: 'flow', View: Connections },
    { path: 'alerts', title: 'Alerts', icon: 'bell', View: Alerts, Count: AlertCount, isWhole: true },
    { path: 'dead-letters', title: 'Dead letters', icon: 'letter', View: DeadLetters },
    { path: 'cohorts', title: 'Cohorts', icon: 'people', View: CohortSyncs },
    { path: 'back-fills', title: 'Back-fills', icon: 'files', View: Backfills },
    { path: 'reconcile', title: 'Reconcile', icon: 'report', View: Reconcile },
    { path: 'trace', title: 'Trace of a user', icon: 'search', View: Trace, isWhole: true },
    { path: 'forgotten', title: 'Forgotten users', icon: 'erase', View: ForgottenUsers },
    { path: 'audit', title: 'Audit log', icon: 'book', View: Audit },
  ],
  'mock-braze': [
    { path: 'currents', title: 'Currents', icon: 'send', View: Currents },
    {
      path: 'technology-partners',
      title: 'Technology Partners',
      icon: 'key',
      View: TechnologyPartners,
      isWhole: true,
    },
    { path: 'cohorts', title: 'Imported cohorts', icon: 'people', View: ImportedCohorts },
    { path: 'segments', title: 'Segments', icon: 'filter', View: Segments },
    { path: 'users', title: 'Users', icon: 'person', View: Users },
    ...simulator,
  ],
  'mock-mixpanel': [
    { path: 'events', title: 'Events', icon: 'flow', View: Events },
    { path: 'cohorts', title: 'Cohorts', icon: 'people', View: Cohorts },
    { path: 'destinations', title: 'Destinations', icon: 'plug', View: Destinations },
    { path: 'syncs', title: 'Cohort syncs', icon: 'send', View: Syncs },
    ...simulator,
  ],
};

const loop: ViewEntry = { path: 'loop', title: 'The loop', icon: 'loop', View: Loop, isWhole: true };

/** Views over all servers of a sandbox. The vendors' forms belong here, too. */
const sandbox: readonly ViewEntry[] = [
  loop,
  { path: 'events', title: 'Follow an event', icon: 'follow', View: Follow },
  { path: 'members', title: 'Follow a member', icon: 'people', View: FollowMember, isWhole: true },
  { path: 'tour', title: 'Tour', icon: 'flag', View: Tour },
  time,
  { path: 'delivery-report', title: 'Delivery report', icon: 'report', View: DeliveryReport, isWhole: true },
];

const titles: Readonly<Record<string, string>> = {
  service: 'Service',
  'mock-braze': 'mock-braze',
  'mock-mixpanel': 'mock-mixpanel',
};

/** The views of one server. A service that is shown alone begins with the picture, of which it knows its own part. */
function viewsOf({ name, kind }: Server): readonly ViewEntry[] {
  const own = views[name] ?? simulator;
  if (kind === 'service') return about().servers.length === 1 ? [loop, ...own] : own;
  return about().hasDeliveryReport ? own : [...own, time];
}

/** The navigation: all views of all shown servers. */
export function groups(): readonly Group[] {
  const { servers, hasDeliveryReport } = about();
  const braze = servers.find(({ name }) => name === 'mock-braze');
  return [
    ...(hasDeliveryReport && braze !== undefined
      ? [{ name: 'sandbox', title: 'Sandbox', server: braze, views: sandbox }]
      : []),
    ...servers.map(server => ({
      name: server.name,
      title: titles[server.name] ?? server.name,
      server,
      views: viewsOf(server),
    })),
  ];
}
