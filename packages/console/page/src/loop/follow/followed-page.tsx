import { useEffect, useRef } from 'preact/hooks';
import { addressOf } from '../../api/call.ts';
import { usePolled } from '../../api/use-polled.ts';
import { about, type Server } from '../../app/about.ts';
import { Elsewhere, TraceOf } from '../../app/elsewhere.tsx';
import { Link } from '../../app/link.tsx';
import { hasNavigated } from '../../app/navigated.ts';
import { keptNote } from '../../mock-mixpanel/kept-note.ts';
import { Chip } from '../../parts/chip.tsx';
import { Facts, Part } from '../../parts/facts.tsx';
import { count } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Code, Copy, Json, Text } from '../../parts/text.tsx';
import { When } from '../../parts/when.tsx';
import { Reason } from '../../service/reasons.tsx';
import { asCurl, asTest } from './as-text.ts';
import { comparedProperties } from './compared.ts';
import { type Delivery, type FollowedEvent, type MixpanelEvent, stateOf } from './followed.ts';
import { Properties } from './properties.tsx';
import { KeptRequests } from './requests.tsx';
import { Way } from './way.tsx';

interface FollowedPageProps {
  readonly service: Server;
  readonly id: string;
  /** Route of the list. */
  readonly back: string;
}

const serverOf = (name: string): Server | undefined => about().servers.find(each => each.name === name);

/** One event from its Currents payload to Mixpanel's stored form. */
export function FollowedPage({ service, id, back }: FollowedPageProps) {
  const event = usePolled<FollowedEvent>(service, `api/traffic/events/${encodeURIComponent(id)}`);
  return (
    <>
      <p>
        <Link class="button" href={back}>
          <Icon name="left" />
          All events
        </Link>
      </p>
      <Loaded of={event}>{data => <Found service={service} event={data} />}</Loaded>
    </>
  );
}

function Found({ service, event }: { service: Server; event: FollowedEvent }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasNavigated()) heading.current?.focus({ preventScroll: true });
  }, []);
  const deliveries = useDeliveries(service, event);
  const answer = useStored(service, event);
  const storedEvents = answer?.events;
  const stored = storedEvents?.[0];
  const absent =
    event.state === 'imported'
      ? `Accepted, and not there now. ${keptNote(answer?.raw) ?? ''}`.trim()
      : 'Does not have it yet';
  const [tone, text] = stateOf(event);
  const { original, mapped, rules, user, reason } = event;
  return (
    <>
      <header class="followed-head">
        <h2 ref={heading} tabIndex={-1}>
          <Text of={event.name} length={120} />
        </h2>
        <Chip tone={tone}>{text}</Chip>
        <span class="row end">
          <Copy text={JSON.stringify(original, undefined, 2)} label="Copy as JSON" />
          <Copy
            text={asCurl(event, deliveries?.[0]?.url ?? addressOf(service, 'currents'))}
            label="Copy as curl"
          />
          <Copy text={asTest(event)} label="Copy as vitest test" />
        </span>
      </header>
      {reason !== null &&
        (event.state === 'skipped' || event.state === 'dead' ? (
          <Reason code={reason} />
        ) : (
          <Text of={reason} length={400} />
        ))}
      <Way event={event} deliveries={deliveries} stored={storedEvents} absent={absent} />
      {mapped !== null && (
        <Part level="h2" title="Property by property">
          <Properties
            of={comparedProperties(original, mapped, rules, stored)}
            isStored={stored !== undefined}
          />
        </Part>
      )}
      <div class="three">
        <Json title="As Braze sent it" value={original} />
        {mapped === null ? (
          <p class="empty">It is not mapped, so nothing is sent to Mixpanel.</p>
        ) : (
          <Json title="As the service maps it" value={mapped} />
        )}
        {stored === undefined ? (
          <p class="empty">
            {storedEvents === undefined ? 'What Mixpanel stores is not known here.' : `Mixpanel: ${absent}`}
          </p>
        ) : (
          <Json title="As Mixpanel stores it" value={stored} />
        )}
      </div>
      <KeptRequests of={event.requests} />
      <Part level="h2" title="Where it is found">
        <Facts
          of={[
            ['Event type', <Code key="type" of={event.eventType ?? '—'} />],
            ['ID in Currents', <Code key="id" of={event.eventId ?? '—'} />],
            ['$insert_id', <Code key="insert" of={event.insertId ?? '—'} />],
            ['User', <Text key="user" of={user ?? '—'} length={200} />],
            ['Connection', <Text key="connection" of={event.connection} />],
            [
              'Journal batch',
              `${event.batch.id}: ${event.batch.events === 1 ? 'this event alone' : `event ${count(event.batch.index + 1)} of ${count(event.batch.events)}`}`,
            ],
            ['Accepted', <When key="at" at={event.receivedAt} full />],
          ]}
        />
        <div class="row">
          {user !== null && user !== '' && <TraceOf user={user} />}
          {event.insertId !== null && (
            <Elsewhere server="mock-mixpanel" view="events" id={event.insertId}>
              Open in mock-mixpanel
            </Elsewhere>
          )}
        </div>
      </Part>
    </>
  );
}

/** The requests of mock Braze that had the event, the first one first; `undefined` where they are not known. */
function useDeliveries(service: Server, { eventId }: FollowedEvent): readonly Delivery[] | undefined {
  const braze = serverOf('mock-braze');
  const isKnown = braze !== undefined && eventId !== null;
  const path = isKnown ? `_sim/deliveries?event=${encodeURIComponent(eventId)}` : undefined;
  const { data, error } = usePolled<readonly Delivery[]>(braze ?? service, path, 5_000);
  return error === undefined ? data?.toReversed() : undefined;
}

interface StoredAnswer {
  readonly events: readonly MixpanelEvent[];
  /** Number of all stored events. */
  readonly raw: number;
}

/** The event as Mixpanel stores it, or none; `undefined` where that is not known. */
function useStored(service: Server, { insertId }: FollowedEvent): StoredAnswer | undefined {
  const mixpanel = serverOf('mock-mixpanel');
  const isKnown = mixpanel !== undefined && insertId !== null;
  const path = isKnown ? `_sim/events?newest=1&insert_id=${encodeURIComponent(insertId)}` : undefined;
  const { data, error } = usePolled<StoredAnswer>(mixpanel ?? service, path, 5_000);
  return error === undefined ? data : undefined;
}
