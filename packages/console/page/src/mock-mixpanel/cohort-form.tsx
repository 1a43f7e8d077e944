import { call } from '../api/call.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { FieldError, Form, LinesEntry, linesOf, TextEntry, useForm } from '../parts/form.tsx';
import { counted } from '../parts/format.ts';

interface CohortFormProps {
  readonly server: Server;
  readonly initial?: { readonly name: string; readonly members: string };
  readonly onCreated: (id: number) => Promise<void> | void;
}

const idsHint = 'One ID on each line, or separated by commas.';
const noIds = 'Enter at least one distinct ID.';

/** Cohorts → Create cohort, of listed users. */
export function CohortForm({ server, initial, onCreated }: CohortFormProps) {
  const form = useForm({ name: '', description: '', members: '', ...initial });
  const create = form.submit(async ({ name, description, members }) => {
    const present = await call<readonly { id: number }[]>(server, '_sim/cohorts?members=false');
    const id = present.reduce((most, each) => Math.max(most, each.id), 0) + 1;
    const body = { name, description, members: linesOf(members) };
    await call(server, `_sim/cohorts/${id}`, { method: 'PUT', body });
    await onCreated(id);
    return `Cohort ${id} has ${counted(body.members.length, 'member')}.`;
  });
  return (
    <Form of={form} label="Create cohort">
      <TextEntry name="name" label="Cohort name" />
      <TextEntry name="description" label="Description" />
      <LinesEntry name="members" label="Distinct IDs of the members" hint={idsHint} />
      <div class="row">
        <Action look="primary" run={create}>
          Save
        </Action>
      </div>
    </Form>
  );
}

interface MembersFormProps {
  readonly server: Server;
  readonly cohort: string;
  readonly onChange: () => Promise<void>;
}

/** Adds users to a cohort, and removes users. */
export function MembersForm({ server, cohort, onChange }: MembersFormProps) {
  const form = useForm({ ids: '' });
  const change = (what: 'add' | 'remove') =>
    form.submit(async ({ ids }) => {
      const list = linesOf(ids);
      if (list.length === 0) throw new FieldError('ids', noIds);
      const { added, removed } = await call<{ added: number; removed: number }>(
        server,
        `_sim/cohorts/${encodeURIComponent(cohort)}/members`,
        { method: 'POST', body: { [what]: list } },
      );
      await onChange();
      form.fill({ ids: '' });
      return what === 'add' ? `${counted(added, 'member')} joined.` : `${counted(removed, 'member')} left.`;
    });
  return (
    <Form of={form} label="Members">
      <LinesEntry name="ids" label="Distinct IDs" rows={2} hint={idsHint} />
      <div class="row">
        <Action look="primary" run={change('add')}>
          Add
        </Action>
        <Action run={change('remove')}>Remove</Action>
      </div>
    </Form>
  );
}
