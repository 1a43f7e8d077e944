import { useEffect } from 'preact/hooks';
import { about, type Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { ChoiceEntry, FieldError, Form, TextEntry, useForm } from '../parts/form.tsx';
import { count, counted } from '../parts/format.ts';
import { emission, useEmission } from './emission.ts';
import { mostEvents } from './emit-in-parts.ts';

interface EmitProps {
  readonly server: Server;
  readonly onEmitted: () => Promise<void>;
}

/** A form that emits generated events, with the progress of a large number. */
export function Emit({ server, onEmitted }: EmitProps) {
  const { eventTypes } = about();
  const catalogues = Object.keys(eventTypes);
  const form = useForm({ count: '10', generation: catalogues[0] ?? '', type: '' });
  const { generation } = form.values;
  const isRunning = useEmission()?.kind === 'running';
  // An outcome that was shown here is not news at the next visit.
  useEffect(() => emission.clear, []);
  const emit = form.submit(async ({ count: typed, type }) => {
    emission.clear();
    const number = /^\s*\d{1,9}\s*$/.test(typed) ? Number(typed) : 0;
    if (number < 1 || number > mostEvents)
      throw new FieldError('count', `must be a whole number from 1 to ${count(mostEvents)}`);
    const what = { generation, ...(eventTypes[generation]?.includes(type) && { types: [type] }) };
    await emission.start(server, number, what);
    await onEmitted();
    return undefined;
  });
  return (
    <div class="card emit">
      <Form of={form} label="Emit events" look="line">
        <TextEntry name="count" label="Number of events" inputMode="numeric" />
        <ChoiceEntry
          name="generation"
          label="Catalogue"
          options={catalogues.map(each => [each, each])}
          onChosen={() => form.set('type', '')}
        />
        <ChoiceEntry
          name="type"
          label="Event type"
          options={[['', 'all types'], ...(eventTypes[generation] ?? []).map(each => [each, each] as const)]}
        />
        <Action look="primary" run={emit} disabled={isRunning}>
          Emit
        </Action>
      </Form>
      <Progress />
    </div>
  );
}

/** How far the emission is, or how it ended. */
function Progress() {
  const shown = useEmission();
  if (shown === undefined) return null;
  if (shown.kind !== 'running')
    return (
      <p
        class={shown.kind === 'failed' ? 'outcome failed' : 'outcome'}
        role={shown.kind === 'failed' ? 'alert' : 'status'}
      >
        {shown.text}
      </p>
    );
  const { emitted, of, isStopping } = shown;
  return (
    <p class="row">
      <progress aria-label="Emitted events" value={emitted} max={of} />
      <span class="quiet">
        {count(emitted)} of {counted(of, 'event')}
      </span>
      <button type="button" disabled={isStopping} onClick={emission.stop}>
        {isStopping ? 'Stopping…' : 'Stop'}
      </button>
    </p>
  );
}
