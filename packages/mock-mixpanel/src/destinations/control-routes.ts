import {
  controlRoutes,
  deletedSchema,
  documented,
  errorSchema,
  respond,
  withBody,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import type { MockMixpanelModel } from '../model.ts';
import { brazeDestinationSchema } from '../syncs/destination.ts';
import type { ConnectedDestination } from './destinations.ts';

const connectSchema = brazeDestinationSchema
  .omit({ type: true })
  .extend({ name: z.string().min(1).default('Braze') });

const shownSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.literal('braze'),
  restEndpoint: z.string(),
  connectedAt: z.string(),
  /** IDs of the cohort syncs that send to it. */
  syncs: z.array(z.string()),
});

const example = {
  name: 'Braze',
  restEndpoint: 'http://127.0.0.1:4010',
  dataImportKey: 'braze-data-import-key',
};

/**
 * The routes `/_sim/destinations` (the page Data → Destinations, formerly Integrations): connections to Braze, which a
 * cohort's menu offers as "Export to Braze".
 */
export function destinationControlRoutes({ destinations, syncs }: MockMixpanelModel) {
  const using = (id: string) => syncs.list().filter(({ settings }) => settings.connectedTo === id);
  const shown = ({ id, name, settings, connectedAt }: ConnectedDestination) => ({
    ...{ id, name, type: settings.type, restEndpoint: settings.restEndpoint },
    connectedAt: new Date(connectedAt).toISOString(),
    syncs: using(id).map(sync => sync.settings.id),
  });
  const withDestination = withItem('destination', 'destinations', id => destinations.get(id));
  return controlRoutes({
    'GET destinations': documented('The connected destinations.', { 200: z.array(shownSchema) }, () =>
      respond(200, destinations.list().map(shown)),
    ),
    'POST destinations': documented(
      'Connects Braze as a destination of cohorts.',
      { 201: shownSchema },
      withBody(connectSchema, example, given => respond(201, shown(destinations.connect(given)))),
    ),
    'PUT destinations/:id': documented(
      'Reconnects a destination, for example with a new key. Its syncs use it from their next run on.',
      { 200: shownSchema },
      withBody(connectSchema, example, (given, request) =>
        withDestination(({ id }) => {
          const connected = destinations.connect(given, id);
          for (const sync of using(id)) sync.connect(connected.settings);
          return respond(200, shown(connected));
        })(request),
      ),
    ),
    'DELETE destinations/:id': documented(
      'Disconnects a destination that no sync uses.',
      { 200: deletedSchema, 409: errorSchema },
      withDestination(({ id }) => {
        const [sync, ...more] = using(id).map(({ settings }) => settings.id);
        if (sync !== undefined)
          return respond(409, {
            error: `The destination ${id} is used by ${[sync, ...more].join(', ')}. Delete ${more.length === 0 ? 'this sync' : 'these syncs'} first.`,
          });
        destinations.remove(id);
        return respond(200, { deleted: id });
      }),
    ),
  });
}
