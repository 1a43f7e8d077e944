import { useQuery } from '@tanstack/preact-query';
import { useEffect } from 'preact/hooks';
import { call } from '../api/call.ts';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { Action } from '../parts/action.tsx';
import { ChoiceEntry, Form, TextEntry, useForm, Where } from '../parts/form.tsx';
import { count, counted } from '../parts/format.ts';
import { Problem } from '../parts/loaded.tsx';
import { Text } from '../parts/text.tsx';
import type { Filter, Segment } from './segment.ts';

interface SegmentFormProps {
  readonly server: Server;
  readonly initial?: { readonly name: string; readonly cohort: string };
  readonly onCreated: (segment: Segment) => Promise<void> | void;
}

interface ImportedCohort {
  readonly cohort_id: string;
  readonly name: string;
  readonly members: readonly string[];
}

const names = { 'filter.cohort': 'cohort', 'filter.name': 'attribute' } as const;

/** Engagement → Segments → Create Segment, with a filter and a preview of the users that it fits. */
export function SegmentForm({ server, initial, onCreated }: SegmentFormProps) {
  const { data: known } = usePolled<readonly ImportedCohort[]>(server, '_sim/cohorts');
  const cohorts = known ?? [];
  const form = useForm({
    name: '',
    filter: 'mixpanel_cohort',
    operator: 'includes',
    cohort: '',
    attribute: '',
    ...initial,
  });
  const { filter: type, operator, attribute, cohort } = form.values;
  const first = cohorts[0]?.cohort_id;
  useEffect(() => {
    if (cohort === '' && first !== undefined) form.set('cohort', first);
  }, [cohort, first]);
  const filter: Filter =
    type === 'mixpanel_cohort'
      ? { type, operator, cohort }
      : { type: 'custom_attribute', name: attribute, operator: 'is_true' };
  const create = form.submit(async ({ name }) => {
    const segment = await call<Segment>(server, '_sim/segments', { method: 'POST', body: { name, filter } });
    await onCreated(segment);
    return `${segment.id} is saved.`;
  }, names);
  return (
    <Form of={form} label="Create Segment">
      <Where of={['Engagement', 'Segments', 'Create Segment']} />
      <TextEntry name="name" label="Segment name" />
      <ChoiceEntry
        name="filter"
        label="Filter"
        options={[
          ['mixpanel_cohort', 'Mixpanel_Cohorts'],
          ['custom_attribute', 'Custom attribute'],
        ]}
      />
      {type === 'mixpanel_cohort' ? (
        <div class="beside">
          <ChoiceEntry
            name="operator"
            label="Condition"
            options={[
              ['includes', 'includes'],
              ['does_not_include', 'does not include'],
            ]}
          />
          <ChoiceEntry
            name="cohort"
            label="Cohort"
            hint={
              known?.length === 0 ? 'No cohort was imported yet. Export one from Mixpanel first.' : undefined
            }
            options={cohorts.map(each => [each.cohort_id, `${each.name.slice(0, 80)} (${each.cohort_id})`])}
          />
        </div>
      ) : (
        <TextEntry name="attribute" label="Attribute that is true" placeholder="mixpanel_cohort_102" />
      )}
      <Preview server={server} filter={filter} />
      <div class="row">
        <Action look="primary" run={create}>
          Save
        </Action>
      </div>
    </Form>
  );
}

interface PreviewAnswer {
  readonly count: number;
  readonly members: readonly string[];
}

const shown = 12;

/** The users that a filter fits now. */
function Preview({ server, filter }: { server: Server; filter: Filter }) {
  const isComplete = (filter.type === 'mixpanel_cohort' ? filter.cohort : filter.name) !== '';
  const { data, error } = useQuery<PreviewAnswer, Error>({
    queryKey: [server.name, 'preview', filter],
    queryFn: ({ signal }) =>
      call<PreviewAnswer>(server, '_sim/segments/preview', { method: 'POST', body: { filter }, signal }),
    enabled: isComplete,
    refetchInterval: 3_000,
  });
  if (!isComplete) return <p class="preview quiet">Choose a filter to see its users.</p>;
  if (error) return <Problem>{error.message}</Problem>;
  if (data === undefined) return <p class="preview quiet">Counting …</p>;
  const more = data.count - Math.min(shown, data.members.length);
  return (
    <section class="preview" aria-label="Preview" aria-live="polite">
      <p>
        <b class="big">{count(data.count)}</b> {data.count === 1 ? 'user' : 'users'} now
      </p>
      <ul class="ids">
        {data.members.slice(0, shown).map(each => (
          <li key={each}>
            <Text of={each} length={60} />
          </li>
        ))}
        {more > 0 && <li class="quiet">{counted(more, 'more', 'more')}</li>}
      </ul>
    </section>
  );
}
