import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { farAddress, sentEvents } from '../parts/far-address.tsx';
import { FieldError, Form, TextEntry, useForm } from '../parts/form.tsx';
import type { Current } from './current.ts';

interface ChangeCurrentFormProps {
  readonly server: Server;
  readonly current: Current;
  readonly onChange: () => Promise<void>;
}

const kept = 'Empty: the present one stays.';

/** Changes the address or the credentials of a Current; Braze then sends again what was refused. */
export function ChangeCurrentForm({ server, current, onChange }: ChangeCurrentFormProps) {
  const isExport = current.kind === 'mixpanel-export';
  const form = useForm({ endpoint: current.endpoint ?? '', apiSecret: '', token: '' });
  const save = form.submit(async ({ endpoint, apiSecret, token }) => {
    const body = {
      ...(!isExport && endpoint !== current.endpoint && { endpoint }),
      ...(isExport && apiSecret !== '' && { apiSecret }),
      ...(token !== '' && { token }),
    };
    if (Object.keys(body).length === 0)
      throw new FieldError(isExport ? 'apiSecret' : 'token', 'Nothing to change: enter a new value.');
    await call(server, `_sim/currents/${encodeURIComponent(current.id)}`, { method: 'PUT', body });
    await onChange();
    form.fill({ apiSecret: '', token: '' });
    return 'Changed. Send test events to see the answer.';
  });
  return (
    <Form of={form} label={`Change ${current.name}`}>
      <div class="beside">
        {isExport ? (
          <TextEntry name="apiSecret" label="New API secret" hint={kept} />
        ) : (
          <TextEntry
            name="endpoint"
            label="Endpoint"
            inputMode="url"
            hint={farAddress(form.values.endpoint, sentEvents)}
          />
        )}
        <TextEntry name="token" label={isExport ? 'New Mixpanel token' : 'New bearer token'} hint={kept} />
      </div>
      <div class="row">
        <Action run={save}>Save changes</Action>
      </div>
    </Form>
  );
}
