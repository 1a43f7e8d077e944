import type { ComponentType } from 'preact';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { DataImportKey, PartnerPage } from '../mock-braze/data-import-keys.ts';
import { SegmentForm } from '../mock-braze/segment-form.tsx';
import { ConnectForm } from '../mock-mixpanel/connect-form.tsx';
import { Action } from '../parts/action.tsx';
import { Copied } from '../parts/copied.tsx';
import { Facts } from '../parts/facts.tsx';
import { farAddress, sentMembers } from '../parts/far-address.tsx';
import { count, counted } from '../parts/format.ts';
import { Loaded } from '../parts/loaded.tsx';
import { ExportCohort, firstExport } from './export-cohort.tsx';
import { LaunchCurrent, LaunchedCurrent } from './launch-current.tsx';
import { ArrivedEvent, EmitEvent } from './open-email.tsx';
import type { StepProps } from './step-props.ts';

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
