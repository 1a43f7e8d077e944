import { useContext } from 'preact/hooks';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import { Action } from '../parts/action.tsx';
import { exact, useNow, Zoned } from '../parts/clock.tsx';
import { Form, TextEntry, useForm } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Outcomes } from '../parts/outcomes.tsx';
import { about, type Server } from './about.ts';
import { Link } from './link.tsx';
import { routeOf } from './routes.ts';
import type { ClockReading } from './server-time.tsx';

/** The simulated clock: its time, and controls in a popover. */
export function ClockControl({ server }: { server: Server }) {
  const { data, error, reload } = usePolled<ClockReading>(server, '_sim/clock');
  const form = useForm({ advance: '2h' });
  const now = useNow();
  const { zone } = useContext(Zoned);
  if (data === undefined || error !== undefined) return <span class="quiet">Clock not known</span>;
  const [day, time, offset] = exact(now, zone).split(' ');
  const { advance } = form.values;
  const change = (body: object, done: string) =>
    form.submit(async () => {
      await call(server, '_sim/clock', { method: 'POST', body });
      await reload();
      return done;
    });
  return (
    <>
      <button type="button" class="quietly clock" popovertarget="clock" title="Simulated time">
        <Icon name={data.frozen ? 'pause' : 'clock'} />
        <span>
          <span class="detail-of-time">{day} </span>
          {time}
          <span class="detail-of-time"> {offset}</span>
        </span>
        {data.frozen && <b>frozen</b>}
      </button>
      <div id="clock" popover="auto" class="popover">
        <h2>Simulated clock</h2>
        <p class="quiet">Schedules follow it: syncs, retries of Braze, rate limits.</p>
        <p>{data.frozen ? 'The clock is frozen.' : 'The clock runs.'}</p>
        <Outcomes>
          <Action run={change({ freeze: !data.frozen }, data.frozen ? 'It runs.' : 'It is frozen.')}>
            {data.frozen ? 'Let it run' : 'Freeze'}
          </Action>
          <Form of={form} label="Advance the clock" look="line">
            <TextEntry name="advance" label="Advance by" hint="Such as 90s, 30m, 2h or 3d" />
            <Action look="primary" run={change({ advance }, `Advanced by ${advance}.`)}>
              Advance
            </Action>
          </Form>
        </Outcomes>
        <Link href={routeOf(about().hasDeliveryReport ? 'sandbox' : server.name, 'time')}>
          What is scheduled, and what happened
        </Link>
      </div>
    </>
  );
}
