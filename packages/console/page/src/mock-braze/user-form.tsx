import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { FieldError, Form, LinesEntry, linesOf, useForm } from '../parts/form.tsx';
import { count, counted } from '../parts/format.ts';
import { isRecord } from '../parts/is-record.ts';

interface Put {
  readonly created: number;
  readonly updated: number;
}

/** Adds users to Braze, as the SDKs or `/users/track` would. */
export function UserForm({ server, onAdded }: { server: Server; onAdded: () => Promise<void> }) {
  const form = useForm({ ids: '', attributes: '' });
  const add = form.submit(async ({ ids, attributes }) => {
    const list = linesOf(ids);
    if (list.length === 0) throw new FieldError('ids', 'Enter at least one external ID.');
    const given = attributesOf(attributes);
    const users = list.map(external_id => ({ external_id, ...(given && { attributes: given }) }));
    const { created, updated } = await call<Put>(server, '_sim/users', { method: 'POST', body: { users } });
    await onAdded();
    form.fill({ ids: '' });
    return outcomeOf(created, updated, given !== undefined);
  });
  return (
    <Form of={form} label="Add users">
      <LinesEntry
        name="ids"
        label="External IDs"
        hint="One ID on each line, or separated by commas. A user that Braze has already gets the attributes."
      />
      <LinesEntry
        isJson
        name="attributes"
        label="Attributes"
        rows={3}
        hint={'JSON, such as {"plan": "pro"}. Optional.'}
      />
      <div class="row">
        <Action look="primary" run={add}>
          Add
        </Action>
      </div>
    </Form>
  );
}

function outcomeOf(created: number, present: number, hasAttributes: boolean): string {
  const added = `${counted(created, 'user')} added`;
  if (present === 0) return `${added}.`;
  const what = hasAttributes
    ? 'were there already and have the attributes'
    : 'were there already: nothing changed';
  return `${created === 0 ? 'No user added' : added}; ${count(present)} ${present === 1 ? what.replace('were', 'was').replace('have', 'has') : what}.`;
}

function attributesOf(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FieldError('attributes', 'This is not JSON. Write an object, such as {"plan": "pro"}.');
  }
  if (isRecord(value)) return value;
  throw new FieldError('attributes', 'This is no JSON object. Write one, such as {"plan": "pro"}.');
}
