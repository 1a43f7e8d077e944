import type { ComponentType } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import { about } from '../app/about.ts';
import { Elsewhere, TraceOf } from '../app/elsewhere.tsx';
import { Link } from '../app/link.tsx';
import { routeOf } from '../app/routes.ts';
import { ChangeCurrentForm } from '../mock-braze/change-current-form.tsx';
import { CreateCurrentForm } from '../mock-braze/create-current-form.tsx';
import type { Current } from '../mock-braze/current.ts';
import { CurrentProblem, notSentYet } from '../mock-braze/current-state.tsx';
import type { DataImportKey, PartnerPage } from '../mock-braze/data-import-keys.ts';
import { SegmentForm } from '../mock-braze/segment-form.tsx';
import { sendTestEvents } from '../mock-braze/send-test-events.ts';
import { CohortForm } from '../mock-mixpanel/cohort-form.tsx';
import { ConnectForm } from '../mock-mixpanel/connect-form.tsx';
import { BrazeProblem } from '../mock-mixpanel/destination-state.tsx';
import { ExportForm } from '../mock-mixpanel/export-form.tsx';
import { keptNote } from '../mock-mixpanel/kept-note.ts';
import { Action } from '../parts/action.tsx';
import { useNow } from '../parts/clock.tsx';
import { Copied } from '../parts/copied.tsx';
import { Facts } from '../parts/facts.tsx';
import { farAddress, sentEvents, sentMembers } from '../parts/far-address.tsx';
import { Select } from '../parts/fields.tsx';
import { count, counted } from '../parts/format.ts';
import { Empty, Loaded, Problem } from '../parts/loaded.tsx';
import { Json, Text } from '../parts/text.tsx';
import type { Tour } from './use-tour.ts';

interface StepProps {
  readonly tour: Tour;
}

export interface Step {
  readonly title: string;
  readonly vendor: 'Braze' | 'Mixpanel';
  /** The page in the vendor's own interface. */
  readonly where: readonly string[];
  /** The view of the console with the same form. */
  readonly view: readonly [server: string, view: string];
  readonly text: string;
  /** What happens next, once the step is done. */
  readonly next: string;
  readonly Do: ComponentType<StepProps>;
  /** What the step made. */
  readonly Made: ComponentType<StepProps>;
}

export const steps: readonly Step[] = [
  {
    title: 'Get a data import key',
    vendor: 'Braze',
    where: ['Partner Integrations', 'Technology Partners', 'Mixpanel'],
    view: ['mock-braze', 'technology-partners'],
    text: 'Braze accepts cohorts only from a partner with a key. Generate one. The REST endpoint beside it is the address that Mixpanel will call.',
    next: 'Mixpanel gets the key and the endpoint, so that it may write cohorts into Braze.',
    Do: GetKey,
    Made: ({ tour }) => (
      <>The key {tour.made?.key && <Copied of={tour.made.key.key} label="the key" />} is active.</>
    ),
  },
  {
    title: 'Connect Braze in Mixpanel',
    vendor: 'Mixpanel',
    where: ['Data', 'Destinations', 'Braze', 'Connect'],
    view: ['mock-mixpanel', 'destinations'],
    text: 'Enter the key and the REST endpoint. The button copies both from Braze, as you would with two browser tabs.',
    next: 'Each cohort in Mixpanel now has “Export to Braze” in its menu.',
    Do: ({ tour: { mixpanel, change, reload } }) => (
      <ConnectForm
        server={mixpanel}
        onConnected={async ({ id }) => {
          change({ destination: id });
          await reload();
        }}
      />
    ),
    Made: ({ tour }) => (
      <>
        <span>{tour.made?.destination?.name} is connected.</span>
        {farAddress(tour.made?.destination?.restEndpoint, sentMembers)}
      </>
    ),
  },
  {
    title: 'Export a cohort to Braze',
    vendor: 'Mixpanel',
    where: ['Data', 'Cohorts', 'Export to Braze'],
    view: ['mock-mixpanel', 'cohorts'],
    text: 'Choose who should get a campaign. A dynamic sync sends the members now, and every two hours who joined and who left.',
    next: 'The cohort is in Braze, and a segment can use it.',
    Do: ExportCohort,
    Made: ({ tour }) => (
      <>
        {counted(firstExport(tour)?.joined ?? 0, 'member')} sent to Braze in{' '}
        {counted(firstExport(tour)?.requests ?? 0, 'request')}.
      </>
    ),
  },
  {
    title: 'Make a segment of it',
    vendor: 'Braze',
    where: ['Engagement', 'Segments', 'Create Segment'],
    view: ['mock-braze', 'segments'],
    text: 'Choose the filter Mixpanel_Cohorts, “includes” and your cohort. The preview shows the users that Braze recognized. A campaign would be sent to this segment.',
    next: 'Braze messages these users. What they do with the messages has to come back to Mixpanel.',
    Do: MakeSegment,
    Made: ({ tour }) => (
      <>
        {tour.made?.segment?.name} has {count(tour.made?.segment?.count)} users.
      </>
    ),
  },
  {
    title: 'Launch a Current',
    vendor: 'Braze',
    where: ['Partner Integrations', 'Data Export', 'Create Current'],
    view: ['mock-braze', 'currents'],
    text: 'A Current streams events out of Braze. This one sends opened and clicked emails to the service, which maps them for Mixpanel.',
    next: 'From now on, each selected event goes to the service, and from there to Mixpanel.',
    Do: LaunchCurrent,
    Made: LaunchedCurrent,
  },
  {
    title: 'See an event arrive',
    vendor: 'Mixpanel',
    where: ['Events'],
    view: ['mock-mixpanel', 'events'],
    text: 'Let a member of your segment open an email. The event leaves Braze through the Current, is mapped and checked by the service, and lands in Mixpanel.',
    next: 'The loop is closed: a cohort of users who opened the email can be exported to Braze again.',
    Do: EmitEvent,
    Made: ArrivedEvent,
  },
];

function GetKey({ tour: { braze, change, reload } }: StepProps) {
  const page = usePolled<PartnerPage>(braze, '_sim/data-import-keys');
  const generate = async () => {
    const made = await call<DataImportKey>(braze, '_sim/data-import-keys', { method: 'POST', body: {} });
    change({ key: made.key });
    await reload();
    return undefined;
  };
  return (
    <Loaded of={page}>
      {({ rest_endpoint, keys }) => (
        <>
          <Facts
            of={[
              ['REST endpoint', <Copied key="endpoint" of={rest_endpoint} label="the REST endpoint" />],
              [
                'Data import keys',
                counted(keys.filter(each => each.state === 'active').length, 'active key'),
              ],
            ]}
          />
          <div class="row">
            <Action look="primary" run={generate}>
              Generate new key
            </Action>
          </div>
        </>
      )}
    </Loaded>
  );
}

/** The first export that Braze accepted. */
const firstExport = ({ made }: Tour) =>
  made?.sync?.history.findLast(({ outcome }) => outcome === 'succeeded');

interface Cohort {
  readonly id: number;
  readonly name: string;
  readonly count: number;
}

function ExportCohort({ tour: { braze, mixpanel, made, change, reload } }: StepProps) {
  const cohorts = usePolled<readonly Cohort[]>(mixpanel, '_sim/cohorts?members=false');
  const imported = usePolled<readonly { cohort_id: string; members: readonly string[] }[]>(
    braze,
    '_sim/cohorts',
  );
  const [chosen, setChosen] = useState('');
  // A sync under way or refused: its reason is shown, and another can be begun.
  const sync = made?.sync;
  const refused = sync?.reason == null ? undefined : sync.history[0];
  // The connection forgets its latest run when it gets another key.
  const isReconnected = made?.destination?.id === sync?.connectedTo && made?.destination?.lastRun === null;
  return (
    <Loaded of={imported}>
      {inBraze => (
        <Loaded of={cohorts}>
          {all => {
            const taken = new Set(inBraze.map(({ cohort_id }) => cohort_id));
            const free = all.filter(({ id, count: members }) => !taken.has(String(id)) && members > 0);
            const cohort = chosen === '' ? String(free[0]?.id ?? '') : chosen;
            if (free.length === 0)
              return (
                <>
                  <p>Braze has every cohort that has members. Create another one to export.</p>
                  <CohortForm
                    server={mixpanel}
                    // Users that Braze has: other ones would be in no segment.
                    initial={{
                      name: 'My first cohort',
                      members: (inBraze[0]?.members ?? []).slice(0, 3).join('\n'),
                    }}
                    onCreated={reload}
                  />
                </>
              );
            return (
              <>
                {sync !== undefined && refused === undefined && <p role="status">{sync.id} is running…</p>}
                {sync !== undefined && refused !== undefined && isReconnected && (
                  <p role="status">
                    Braze refused {sync.id}. The connection was changed since: begin the sync again.
                  </p>
                )}
                {refused !== undefined && refused.error !== null && !isReconnected && (
                  <BrazeProblem
                    {...{ status: refused.status, error: refused.error }}
                    then={
                      <>
                        reconnect{' '}
                        <Link href={routeOf(mixpanel.name, 'destinations', sync?.connectedTo ?? undefined)}>
                          {made?.destination?.name ?? 'the destination'}
                        </Link>{' '}
                        and begin the sync again
                      </>
                    }
                  />
                )}
                <Select
                  label="Cohort"
                  value={cohort}
                  onValue={setChosen}
                  options={free.map(each => [
                    String(each.id),
                    `${each.name.slice(0, 80)}, ${counted(each.count, 'member')}`,
                  ])}
                />
                <NotOffered
                  of={all.filter(({ id }) => taken.has(String(id)))}
                  why={['since Braze has it already', 'since Braze has them already']}
                />
                <NotOffered
                  of={all.filter(({ id, count: members }) => !taken.has(String(id)) && members === 0)}
                  why={['since it has no members', 'since they have no members']}
                />
                <ExportForm
                  key={cohort}
                  server={mixpanel}
                  cohort={cohort}
                  onStarted={async ({ id }) => {
                    change({ sync: id, cohort });
                    await reload();
                  }}
                />
              </>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

interface NotOfferedProps {
  readonly of: readonly Cohort[];
  /** The reason, for one cohort and for several. */
  readonly why: readonly [one: string, several: string];
}

/** Most named cohorts. */
const named = 5;

/** Cohorts that are missing in the list, with the reason. */
function NotOffered({ of, why: [one, several] }: NotOfferedProps) {
  if (of.length === 0) return null;
  const names = of.slice(0, named).map(({ name }) => name.slice(0, 60));
  const more = of.length > named ? [`${count(of.length - named)} more`] : [];
  return (
    <p class="quiet">
      Not offered, {of.length === 1 ? one : several}: {new Intl.ListFormat('en').format([...names, ...more])}.
    </p>
  );
}

function MakeSegment({ tour: { braze, progress, change, reload } }: StepProps) {
  return (
    <SegmentForm
      server={braze}
      initial={{ name: 'From Mixpanel', cohort: progress.cohort ?? '' }}
      onCreated={async ({ id }) => {
        change({ segment: id });
        await reload();
      }}
    />
  );
}

function LaunchCurrent({ tour }: StepProps) {
  const { braze, made, change, reload } = tour;
  const service = about().servers.find(({ name }) => name === 'service');
  return made?.current !== undefined ? (
    <CorrectCurrent tour={tour} current={made.current} />
  ) : (
    <>
      {service?.url === undefined && (
        <Problem>
          The address of the service is not known here. Enter its endpoint, such as …/currents.
        </Problem>
      )}
      <CreateCurrentForm
        server={braze}
        initial={{ name: 'My first Current', contactEmail: 'you@example.com' }}
        events={['users.messages.email.Open', 'users.messages.email.Click']}
        onCreated={async ({ id }) => {
          change({ current: id });
          await reload();
        }}
      />
    </>
  );
}

/** The Current is there and sends nothing to the service. */
function CorrectCurrent({ tour: { braze, reload }, current }: StepProps & { current: Current }) {
  const name = current.name.slice(0, 60);
  const path = `_sim/currents/${encodeURIComponent(current.id)}/launch`;
  const launch = async () => {
    await call(braze, path, { method: 'POST' });
    await reload();
    return undefined;
  };
  return (
    <>
      <p role="status">
        {name} is {current.state}. It has sent {counted(current.sent, 'event')}.
      </p>
      <CurrentProblem of={current} />
      <div class="row">
        {current.state !== 'launched' && (
          <Action look="primary" run={launch}>
            Launch
          </Action>
        )}
        <Action run={() => sendTestEvents(braze, current.id, reload)}>Send test events</Action>
        <Elsewhere server={braze.name} view="currents" id={current.id}>
          Open this Current
        </Elsewhere>
      </div>
      <ChangeCurrentForm server={braze} current={current} onChange={reload} />
    </>
  );
}

function LaunchedCurrent({ tour: { braze, made, reload } }: StepProps) {
  const current = made?.current;
  if (current === undefined) return null;
  return (
    <>
      <span>{current.name} is launched.</span>
      {farAddress(current.endpoint ?? current.apiUrl, sentEvents)}
      {current.lastAnswer === null && <span>{notSentYet}</span>}
      <Action run={() => sendTestEvents(braze, current.id, reload)}>Send test events</Action>
    </>
  );
}

function EmitEvent({ tour: { braze, progress, change, reload, made } }: StepProps) {
  const now = useNow();
  const members = usePolled<readonly string[]>(
    braze,
    progress.segment && `_sim/segments/${encodeURIComponent(progress.segment)}/members`,
  );
  const [phase, setPhase] = useState<'ready' | 'sending' | 'sent'>('ready');
  const send = async (user: string) => {
    // Sent again, it is the same event: Mixpanel counts it once.
    const isAgain = progress.event !== undefined && progress.user === user;
    const id = isAgain ? progress.event : crypto.randomUUID();
    const payload = (isAgain ? progress.payload : undefined) ?? {
      id,
      event_type: 'users.messages.email.Open',
      time: Math.floor(now / 1_000),
      user: { external_user_id: user },
      properties: { campaign_name: 'My first campaign', email_address: `${user}@example.com` },
    };
    change({ event: id, user, payload, isArrived: false });
    await call(braze, '_sim/emit', { method: 'POST', body: { events: [payload] } });
    await reload();
  };
  const emit = (user: string) => async () => {
    setPhase('sending');
    try {
      await send(user);
      setPhase('sent');
    } catch (error) {
      setPhase('ready');
      throw error;
    }
    return 'Emitted. Checking whether Mixpanel has it…';
  };
  return (
    <Loaded of={members}>
      {list => {
        const [user] = list;
        return user === undefined ? (
          <Empty>The segment has no users now. Take a cohort with users that Braze has.</Empty>
        ) : (
          <>
            <p>
              <Text of={user} length={60} /> is in {made?.segment?.name ?? 'the segment'}, got the campaign
              and opens it.
            </p>
            <div class="row">
              <Action look="primary" run={emit(user)} disabled={phase === 'sent'}>
                Open the email
              </Action>
              {phase === 'sending' && <span role="status">Sending…</span>}
            </div>
            {phase === 'ready' && progress.event !== undefined && (
              <Waiting
                note={keptNote(made?.stored)}
                then={
                  progress.user === user
                    ? 'Opened again, the same event is sent again.'
                    : `Opened now, a new event of ${user.slice(0, 60)} is sent.`
                }
                user={progress.user}
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

interface WaitingProps {
  /** That the sandbox drops older events. */
  readonly note: string | undefined;
  readonly then: string;
  readonly user: string | undefined;
}

/** An event that was sent and that Mixpanel was not seen to have. */
const Waiting = ({ note, then, user }: WaitingProps) => (
  <>
    <p class="quiet">
      {note === undefined
        ? 'The event was sent, and Mixpanel does not have it yet.'
        : `The event was sent, and Mixpanel does not have it now. ${note.slice(0, -1)}, so it is not known whether this one arrived.`}{' '}
      {then}
    </p>
    {note !== undefined && user !== undefined && (
      <div class="row">
        <TraceOf user={user} />
      </div>
    )}
  </>
);

function ArrivedEvent({ tour: { made, progress } }: StepProps) {
  const event = made?.event;
  return (
    <div class="arrived">
      {event === undefined ? (
        <p>Mixpanel had this event, and no longer has it. {keptNote(made?.stored)}</p>
      ) : (
        <p>
          Mixpanel has it as <b>{event.event}</b>. Its <code>$insert_id</code> is the ID of the event in
          Braze, so that it is never counted twice.
        </p>
      )}
      <div class="sides">
        <Json title="Braze sent" value={progress.payload ?? 'not known'} />
        {event !== undefined && <Json title="Mixpanel stored" value={event} />}
      </div>
      <div class="row">
        {event !== undefined && (
          <Elsewhere server="mock-mixpanel" view="events" id={progress.event ?? ''}>
            Open it in Mixpanel
          </Elsewhere>
        )}
        {progress.user !== undefined && <TraceOf user={progress.user} />}
      </div>
    </div>
  );
}
