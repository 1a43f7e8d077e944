import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import { Elsewhere, TraceOf } from '../app/elsewhere.tsx';
import { keptNote } from '../mock-mixpanel/kept-note.ts';
import { Action } from '../parts/action.tsx';
import { useNow } from '../parts/clock.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Json, Text } from '../parts/text.tsx';
import type { StepProps } from './step-props.ts';

export function EmitEvent({ tour: { braze, progress, change, reload, made } }: StepProps) {
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

export function ArrivedEvent({ tour: { made, progress } }: StepProps) {
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
