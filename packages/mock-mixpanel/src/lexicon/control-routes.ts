import {
  ControlInputError,
  controlRoutes,
  documented,
  missing,
  respond,
  withBody,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { MockMixpanelModel } from '../model.ts';
import { dropFilterSchema, mostDropFilters } from './drop-filters.ts';

const statusSchema = z.object({ name: z.string(), hidden: z.boolean(), dropped: z.boolean() });
const filterSchema = z.object({ id: z.string(), ...dropFilterSchema.shape, dropped: z.int() });
const statusInput = z.strictObject({ hidden: z.boolean().optional(), dropped: z.boolean().optional() });
const filterExample = { event: 'Email Send', where: [{ property: 'campaign_name', equals: ['Test'] }] };

/**
 * What an operator sets in Mixpanel's interface: `PUT /_sim/lexicon/events/:name` hides an event or drops it at ingestion
 * (Lexicon shows Blocked), `/_sim/drop-filters` are the filters that drop events by their properties.
 */
export function lexiconControlRoutes({ schemas, dropFilters }: MockMixpanelModel) {
  return controlRoutes({
    'GET lexicon/events': documented(
      'The events with an entry in Lexicon, and whether they are hidden or dropped at ingestion.',
      { 200: z.array(statusSchema) },
      () =>
        respond(
          200,
          schemas.list('event').map(({ name }) => ({ name, ...schemas.statusOf(name) })),
        ),
    ),
    'PUT lexicon/events/:name': documented(
      'Hides or shows an event, or drops it at ingestion.',
      { 200: statusSchema },
      withBody(statusInput, { hidden: true, dropped: false }, (status, { params: { name = '' } }) => {
        schemas.setStatus(name, status);
        return respond(200, { name, ...schemas.statusOf(name) });
      }),
    ),
    'GET drop-filters': documented(
      'The drop filters, with the number of events that each has dropped.',
      { 200: z.array(filterSchema) },
      () => respond(200, dropFilters.list()),
    ),
    'POST drop-filters': documented(
      'Drops events with these properties at ingestion from now on.',
      { 201: filterSchema },
      withBody(dropFilterSchema, filterExample, filter => {
        const added = dropFilters.add(filter);
        if (added === undefined)
          throw new ControlInputError(
            `A project has at most ${mostDropFilters} drop filters, as in Mixpanel. Delete one first: DELETE /_sim/drop-filters/:id.`,
          );
        return respond(201, added);
      }),
    ),
    'DELETE drop-filters/:id': documented(
      'Deletes a drop filter. What it dropped stays lost.',
      { 200: z.object({ status: z.literal('deleted') }) },
      ({ params: { id = '' } }) =>
        dropFilters.delete(id)
          ? respond(200, { status: 'deleted' })
          : missing('drop filter', id, 'drop-filters'),
    ),
  });
}
