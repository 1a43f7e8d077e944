import { usePolled } from '../api/use-polled.ts';
import { about, type Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import type { Current } from '../mock-braze/current.ts';
import { keptNote } from '../mock-mixpanel/kept-note.ts';
import { count, counted, span } from '../parts/format.ts';
import { When } from '../parts/when.tsx';
import type { Status } from '../service/status.ts';
import { failureOf } from '../service/sync-failure.ts';
import { brazeFigures } from './braze-figures.ts';
import { membersOf, newest, serviceFigures, soonest } from './figures.ts';
import { Lane, perSecond } from './lane.tsx';
import { Station } from './station.tsx';
import { useRate } from './use-rates.ts';

interface PictureProps {
  readonly service: Server;
  readonly status: Status;
  /** Whether the status is the present one. */
  readonly isFresh: boolean;
  /** When the status was read. */
  readonly at: number;
}

/** Seconds from which a wait is worth a look: a batch is delivered within a few. */
const longWait = 30;

const serverOf = (name: string): Server | undefined => about().servers.find(each => each.name === name);

/** The stations and the ways between them: events from left to right, cohorts from right to left. */
export function Picture(props: PictureProps) {
  return (
    <div class="loop">
      <Braze {...props} />
      <Events {...props} />
      <Service {...props} />
      <Cohorts {...props} />
      <Mixpanel {...props} />
    </div>
  );
}

function Braze({ service, status }: PictureProps) {
  const server = serverOf('mock-braze');
  const currents = usePolled<readonly Current[]>(server ?? service, server && '_sim/currents');
  const cohorts = usePolled<readonly { readonly members: readonly string[] }[]>(
    server ?? service,
    server && '_sim/cohorts',
    5_000,
  );
  if (server === undefined)
    return (
      <Station
        place="braze"
        title="Braze"
        icon="send"
        href={routeOf(service.name, 'connections')}
        figures={[
          { name: 'Events received', value: serviceFigures(status).accepted },
          { name: 'Cohort syncs', value: serviceFigures(status).syncs.length },
        ]}
      >
        As the service knows it.
      </Station>
    );
  const known = currents.error === undefined && currents.data ? brazeFigures(currents.data) : undefined;
  const imported = cohorts.error === undefined ? cohorts.data : undefined;
  const view = (name: string) => routeOf(server.name, name);
  return (
    <Station
      place="braze"
      title="Braze"
      icon="send"
      href={view('currents')}
      figures={[
        {
          name: 'Events sent',
          // A Current that was deleted took its count with it.
          value: known?.currents === 0 ? 'no Current' : known?.sent,
          href: view('currents'),
        },
        { name: 'Waiting in Braze', value: known?.waiting },
        {
          name: 'Dropped by Braze',
          value: known?.dropped,
          tone: (known?.dropped ?? 0) > 0 ? 'bad' : undefined,
        },
        { name: 'Currents launched', value: known && `${known.launched} of ${known.currents}` },
        { name: 'Imported cohorts', value: imported?.length, href: view('cohorts') },
        {
          name: 'Their members',
          value: imported?.reduce((all, { members }) => all + members.length, 0),
          href: view('segments'),
        },
      ]}
    />
  );
}

function Service({ service, status }: PictureProps) {
  const { accepted, imported, skipped, dead, waiting, oldestSeconds } = serviceFigures(status);
  const view = (name: string) => routeOf(service.name, name);
  return (
    <Station
      place="service"
      title="Service"
      icon="flow"
      href={view('connections')}
      figures={[
        { name: 'Accepted', value: accepted, href: view('connections') },
        { name: 'Imported', value: imported },
        { name: 'Skipped', value: skipped },
        { name: 'Dead letters', value: dead, tone: dead > 0 ? 'bad' : undefined, href: view('dead-letters') },
        { name: 'Waiting', value: waiting, tone: (oldestSeconds ?? 0) > longWait ? 'warn' : undefined },
        { name: 'Oldest waiting', value: oldestSeconds === null ? 'none' : span(oldestSeconds * 1_000) },
      ]}
    />
  );
}

function Mixpanel({ service, status }: PictureProps) {
  const server = serverOf('mock-mixpanel');
  const counts = usePolled<{ readonly raw: number; readonly unique: number }>(
    server ?? service,
    server && '_sim/events/count',
  );
  const cohorts = usePolled<readonly unknown[]>(server ?? service, server && '_sim/cohorts', 5_000);
  const syncs = usePolled<readonly unknown[]>(server ?? service, server && '_sim/syncs', 5_000);
  if (server === undefined)
    return (
      <Station
        place="mixpanel"
        title="Mixpanel"
        icon="report"
        href={routeOf(service.name, 'connections')}
        figures={[
          { name: 'Events imported', value: serviceFigures(status).imported },
          {
            name: 'Members read',
            value: membersOf(serviceFigures(status).syncs, ({ mixpanelMembers }) => mixpanelMembers),
            href: routeOf(service.name, 'cohorts'),
          },
        ]}
      >
        As the service knows it.
      </Station>
    );
  const view = (name: string) => routeOf(server.name, name);
  const stored = counts.error === undefined ? counts.data : undefined;
  return (
    <Station
      place="mixpanel"
      title="Mixpanel"
      icon="report"
      href={view('events')}
      figures={[
        { name: 'Unique events', value: stored?.unique, href: view('events') },
        { name: 'Stored more than once', value: stored && stored.raw - stored.unique },
        {
          name: 'Cohorts',
          value: cohorts.error === undefined ? cohorts.data?.length : undefined,
          href: view('cohorts'),
        },
        {
          name: 'Cohort syncs',
          value: syncs.error === undefined ? syncs.data?.length : undefined,
          href: view('syncs'),
        },
      ]}
    >
      {keptNote(stored?.raw)}
    </Station>
  );
}

/** The way of the events. */
function Events({ service, status, isFresh, at }: PictureProps) {
  const { accepted, imported, waiting, early } = serviceFigures(status);
  const braze = serverOf('mock-braze');
  const mixpanel = serverOf('mock-mixpanel');
  const currents = usePolled<readonly Current[]>(braze ?? service, braze && '_sim/currents');
  const isKnown = braze !== undefined && currents.data !== undefined && currents.error === undefined;
  const sent = isKnown ? brazeFigures(currents.data) : undefined;
  const received = useRate(isFresh ? accepted : undefined, at);
  const delivered = useRate(isFresh ? imported : undefined, at);
  return (
    <>
      <Lane
        place="currents"
        title="Currents"
        from="Braze"
        to="service"
        href={braze ? routeOf(braze.name, 'currents') : routeOf(service.name, 'connections')}
        value={perSecond(received, isFresh)}
        unit="events/s"
        rate={received}
        isMoving={(received.perSecond ?? 0) > 0}
        note={
          braze === undefined
            ? 'Waiting in Braze: not known here'
            : `Waiting in Braze: ${count(sent?.waiting)}`
        }
        trouble={sent?.trouble}
      />
      <Lane
        place="import"
        title="Import"
        from="service"
        to="Mixpanel"
        href={mixpanel ? routeOf(mixpanel.name, 'requests') : routeOf(service.name, 'connections')}
        value={perSecond(delivered, isFresh)}
        unit="events/s"
        rate={delivered}
        isMoving={(delivered.perSecond ?? 0) > 0}
        note={`Waiting: ${count(waiting)}${early > 0 ? `, ${count(early)} for their own time` : ''}`}
        trouble={troubleOf(status)}
      />
    </>
  );
}

/** The present failure of a delivery. */
function troubleOf({ connections }: Status): string | undefined {
  const failing = Object.values(connections).find(
    ({ delivery }) => delivery?.lastError !== undefined && delivery.lastError.resolvedAt === null,
  );
  return failing?.delivery?.lastError?.message;
}

/** The way of the cohorts. */
function Cohorts({ service, status, isFresh }: PictureProps) {
  const { syncs } = serviceFigures(status);
  const href = routeOf(service.name, 'cohorts');
  const isRunning = isFresh && syncs.some(({ running }) => running);
  const failures = syncs.flatMap(each => failureOf(each) ?? []);
  const trouble = failures[0] && `${counted(failures.length, 'sync')} failing: ${failures[0].message}`;
  const held = syncs.filter(each => each.held !== null).length;
  const unmatched = syncs.reduce((all, each) => all + each.unmatched, 0);
  const next = soonest(syncs.map(({ nextRun }) => nextRun));
  return (
    <>
      <Lane
        place="lists"
        title="Cohorts read"
        from="Mixpanel"
        to="service"
        href={href}
        value={count(membersOf(syncs, ({ mixpanelMembers }) => mixpanelMembers))}
        unit="members"
        isMoving={isRunning}
        note={
          held > 0 ? (
            `${counted(held, 'change')} waiting for you to confirm`
          ) : (
            <>
              Last read <When at={newest(syncs.map(({ mixpanelReadAt }) => mixpanelReadAt))} none="not yet" />
            </>
          )
        }
        {...(trouble && { trouble })}
      />
      <Lane
        place="changes"
        title="Cohorts sent"
        from="service"
        to="Braze"
        href={href}
        value={count(syncs.reduce((all, { sentMembers }) => all + sentMembers, 0))}
        unit="members"
        isMoving={isRunning}
        note={
          unmatched > 0 ? (
            `${count(unmatched)} without a user in Braze`
          ) : (
            <>
              Next run <When at={next} none={syncs.length === 0 ? 'none: no syncs' : 'not scheduled'} />
            </>
          )
        }
      />
    </>
  );
}
