import type { ComponentChildren } from 'preact';
import { Elsewhere } from '../../app/elsewhere.tsx';
import { bytes, counted, milliseconds } from '../../parts/format.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Tone } from '../../parts/tone.ts';
import { When } from '../../parts/when.tsx';
import type { Delivery, FollowedEvent, MixpanelEvent } from './followed.ts';

interface WayProps {
  readonly event: FollowedEvent;
  /** `undefined` where they are not known. */
  readonly deliveries: readonly Delivery[] | undefined;
  /** `undefined` where that is not known. */
  readonly stored: readonly MixpanelEvent[] | undefined;
  /** What is said where it is known that Mixpanel does not have it. */
  readonly absent: string;
}

/** The steps of an event, from Braze to Mixpanel. */
export function Way({ event, deliveries, stored, absent }: WayProps) {
  const { batch, requests, mapped, receivedAt, rules } = event;
  return (
    <ol class="way" aria-label="Steps of the event">
      <Sent deliveries={deliveries} />
      <Step tone="good" title="Journal">
        Batch {batch.id}: {counted(batch.events, 'event')}, {bytes(batch.bytes)}
        <When at={receivedAt} />
      </Step>
      <Step tone={mapped === null ? 'plain' : 'good'} title="Mapping">
        {mapped === null
          ? `Not mapped: ${event.state}`
          : `${counted(new Set(rules.flatMap(each => each.rules)).size, 'rule')} applied`}
      </Step>
      <Step tone={toneOfRequests(event)} title="Import">
        {requests.length === 0
          ? nothingSent(event)
          : requests.map(({ number, status, durationMs, events }, index) => (
              <span key={number}>
                Attempt {index + 1}: {status === null ? 'no answer' : `answered ${status}`},{' '}
                {milliseconds(durationMs)}, {counted(events, 'event')}
              </span>
            ))}
      </Step>
      <Stored event={event} stored={stored} absent={absent} />
    </ol>
  );
}

function Sent({ deliveries }: Pick<WayProps, 'deliveries'>) {
  if (deliveries === undefined)
    return (
      <Step tone="plain" title="Braze">
        What Braze sent is not known here.
      </Step>
    );
  if (deliveries.length === 0)
    return (
      <Step tone="plain" title="Braze">
        No kept request of a Current had it.
      </Step>
    );
  const last = deliveries.at(-1)!;
  return (
    <Step tone={last.status === 200 ? 'good' : 'bad'} title="Braze">
      {deliveries.map(({ number, status, error, events }) => (
        <span key={number}>
          Request {number}: {counted(events, 'event')}, {status === undefined ? error : `answered ${status}`}
        </span>
      ))}
      <Elsewhere server="mock-braze" view="currents" id={last.current} isInline>
        The Current
      </Elsewhere>
    </Step>
  );
}

function toneOfRequests({ state, requests }: FollowedEvent): Tone {
  if (state === 'imported') return 'good';
  if (state === 'failing' || state === 'refused') return 'bad';
  return requests.length > 0 || state === 'waiting' ? 'busy' : 'plain';
}

function nothingSent({ state, mapped }: FollowedEvent): string {
  if (state === 'unknown')
    return 'No request of it is kept here: newer ones took its place, or another replica sent it.';
  return mapped === null || state === 'shadow' ? 'Nothing is sent.' : 'Not sent yet.';
}

function Stored({ event: { mapped, insertId }, stored, absent }: Omit<WayProps, 'deliveries'>) {
  if (mapped === null)
    return (
      <Step tone="plain" title="Mixpanel">
        Does not get it.
      </Step>
    );
  if (stored === undefined)
    return (
      <Step tone="plain" title="Mixpanel">
        What it stores is not known here.
      </Step>
    );
  return (
    <Step tone={stored.length > 0 ? 'good' : 'busy'} title="Mixpanel">
      {stored.length > 0 ? 'Stored once' : absent}
      {stored.length > 0 && insertId !== null && (
        <Elsewhere server="mock-mixpanel" view="events" id={insertId} isInline>
          The event
        </Elsewhere>
      )}
    </Step>
  );
}

const icons = { good: 'check', bad: 'cross', warn: 'warning', busy: 'clock', plain: 'dot' } as const;

const Step = ({ tone, title, children }: { tone: Tone; title: string; children: ComponentChildren }) => (
  <li class={tone}>
    <strong>
      <Icon name={icons[tone]} />
      {title}
    </strong>
    <div>{children}</div>
  </li>
);
