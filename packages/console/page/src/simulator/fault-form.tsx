import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { ChoiceEntry, FieldError, Form, TextEntry, useForm } from '../parts/form.tsx';
import { duration, inWords } from '../parts/format.ts';
import { Sentence } from '../parts/text.tsx';
import type { CoverageAnswer } from './coverage-answer.ts';
import { addedText, type Fault } from './fault.ts';

interface FaultFormProps {
  readonly server: Server;
  readonly onAdded: () => Promise<void>;
}

/** The API has shares from 0 to 1 and milliseconds, the form has percent and durations. */
const percent = 100;
const inPercent = (share: number): string => String(percent * share);
const shown = { share: inPercent, probability: inPercent, milliseconds: duration };

/** A number of a field. @throws FieldError if it is none. */
function numberOf(field: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value)) throw new FieldError(field, 'must be a number');
  return value;
}

/** Adds a fault: what, where, how often, and from which seed. */
export function FaultForm({ server, onAdded }: FaultFormProps) {
  const { data: coverage } = usePolled<CoverageAnswer>(server, '_sim/coverage', 60_000);
  const form = useForm({
    kind: 'status',
    status: '503',
    milliseconds: '500 ms',
    share: '50',
    route: '*',
    times: '',
    probability: '100',
    skip: '',
    for: '',
    seed: '',
  });
  const { kind } = form.values;
  const chosen = coverage?.faults.find(each => each.kind === kind);
  const send = async ({ route, ...values }: typeof form.values) => {
    const optional = (field: 'times' | 'skip') =>
      values[field] === '' ? {} : { [field]: numberOf(field, values[field]) };
    const body = {
      ...{ route, kind },
      ...(kind === 'status' && { status: numberOf('status', values.status) }),
      ...(kind === 'latency' && { milliseconds: values.milliseconds }),
      ...(kind === 'partial' && { share: numberOf('share', values.share) / percent }),
      ...optional('times'),
      ...optional('skip'),
      ...(values.for !== '' && { for: values.for }),
      ...(values.seed !== '' && { seed: values.seed }),
      probability: numberOf('probability', values.probability) / percent,
    };
    const added = await call<Fault>(server, '_sim/faults', { method: 'POST', body });
    await onAdded();
    return addedText(added);
  };
  const add = form.submit(send, {}, shown);
  return (
    <Form of={form} label="Add a fault">
      <div class="beside">
        <ChoiceEntry
          name="kind"
          label="What"
          options={(coverage?.faults ?? []).map(each => [each.kind, inWords(each.kind.replaceAll('-', ' '))])}
        />
        {kind === 'status' && <TextEntry name="status" label="Status" inputMode="numeric" />}
        {kind === 'latency' && <TextEntry name="milliseconds" label="Delay" hint="Such as 250 ms or 3 s." />}
        {kind === 'partial' && <TextEntry name="share" label="Records refused, %" inputMode="numeric" />}
        <ChoiceEntry
          name="route"
          label="Where"
          options={[
            ['*', 'every route'],
            ...(coverage?.routes ?? []).map(each => [each.id, each.id] as const),
          ]}
        />
      </div>
      {chosen && (
        <p class="hint">
          The client gets <Sentence of={chosen.client} />. The request is handled:{' '}
          <Sentence of={chosen.handled} />.
        </p>
      )}
      <div class="beside">
        <TextEntry name="times" label="Requests" inputMode="numeric" placeholder="unlimited" />
        <TextEntry name="probability" label="Share of them, %" inputMode="numeric" />
        <TextEntry name="skip" label="Skip the first" inputMode="numeric" placeholder="none" />
        <TextEntry name="for" label="Time span" placeholder="unlimited" hint="Such as 30 s or 10 min." />
        <TextEntry name="seed" label="Seed of the share" placeholder="the simulator’s" />
      </div>
      <div class="row">
        <Action look="primary" run={add}>
          Add fault
        </Action>
      </div>
    </Form>
  );
}
