import { call } from '../api/call.ts';
import { about } from '../app/about.ts';
import { Elsewhere } from '../app/elsewhere.tsx';
import { ChangeCurrentForm } from '../mock-braze/change-current-form.tsx';
import { CreateCurrentForm } from '../mock-braze/create-current-form.tsx';
import type { Current } from '../mock-braze/current.ts';
import { CurrentProblem, notSentYet } from '../mock-braze/current-state.tsx';
import { sendTestEvents } from '../mock-braze/send-test-events.ts';
import { Action } from '../parts/action.tsx';
import { farAddress, sentEvents } from '../parts/far-address.tsx';
import { counted } from '../parts/format.ts';
import { Problem } from '../parts/loaded.tsx';
import type { StepProps } from './step-props.ts';

export function LaunchCurrent({ tour }: StepProps) {
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

export function LaunchedCurrent({ tour: { braze, made, reload } }: StepProps) {
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
