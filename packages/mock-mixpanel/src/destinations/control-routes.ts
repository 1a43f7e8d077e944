import {
  ControlInputError,
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
import { type CohortSync, syncRunSchema } from '../syncs/cohort-sync.ts';
import { brazeDestinationSchema } from '../syncs/destination.ts';
import type { ConnectedDestination } from './destinations.ts';

const connectSchema = brazeDestinationSchema
  .omit({ type: true })
  .extend({ name: z.string().trim().min(1).default('Braze') });
/** Without a name, the destination keeps the one that it has. */
const reconnectSchema = connectSchema.extend({ name: z.string().trim().min(1).optional() });

const keySchema = connectSchema.pick({ dataImportKey: true });

const shownSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.literal('braze'),
  restEndpoint: z.string(),
  connectedAt: z.string(),
  /** IDs of the cohort syncs that send to it. */
  syncs: z.array(z.string()),
  /** The latest run of one of these since it was connected; `null` before the first: nothing is known of the key. */
  lastRun: syncRunSchema
    .unwrap()
    .pick({ outcome: true, status: true, error: true })
    .extend({ sync: z.string(), startedAt: z.string() })
    .nullable(),
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
    lastRun: latestRunOf(using(id)),
  });
  /**
   * Mixpanel distinguishes connections by their name, in parentheses after "Braze" (Mixpanel documentation, "Cohort
   * Syncs: Braze", 2026). It does not say what happens to two of one name: here the second is refused.
   *
   * @throws ControlInputError if another destination has the name.
   */
  const requireOwnName = (name: string, id?: string) => {
    const other = destinations.list().find(each => each.id !== id && each.name === name);
    if (other === undefined) return;
    throw new ControlInputError(
      `The destination ${other.id} is already called ${JSON.stringify(name)}. Choose another name: the menu of a cohort shows it.`,
      [{ field: 'name', message: `must differ from that of ${other.id}, which has this name` }],
    );
  };
  const withDestination = withItem('destination', 'destinations', id => destinations.get(id));
  return controlRoutes({
    'GET destinations': documented('The connected destinations.', { 200: z.array(shownSchema) }, () =>
      respond(200, destinations.list().map(shown)),
    ),
    'POST destinations/with-key': documented(
      'The destinations and cohort syncs that use a data import key, which is in the body, as a key is in no address.',
      { 200: z.object({ destinations: z.array(shownSchema), syncs: z.array(z.string()) }) },
      withBody(keySchema, { dataImportKey: example.dataImportKey }, ({ dataImportKey: key }) =>
        respond(200, {
          destinations: destinations
            .list()
            .filter(({ settings }) => settings.dataImportKey === key)
            .map(shown),
          syncs: syncs
            .list()
            .filter(({ settings: { destination } }) => {
              return destination.type === 'braze' && destination.dataImportKey === key;
            })
            .map(({ settings }) => settings.id),
        }),
      ),
    ),
    'POST destinations': documented(
      'Connects Braze as a destination of cohorts.',
      { 201: shownSchema },
      withBody(connectSchema, example, given => {
        requireOwnName(given.name);
        return respond(201, shown(destinations.connect(given)));
      }),
    ),
    'PUT destinations/:id': documented(
      'Reconnects a destination, for example with a new key. Its syncs use it from their next run on.',
      { 200: shownSchema },
      withBody(reconnectSchema, example, ({ name, ...given }, request) =>
        withDestination(({ id, name: present }) => {
          requireOwnName(name ?? present, id);
          const connected = destinations.connect({ ...given, name: name ?? present }, id);
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

/** The latest run of these syncs with their present connection, for the page. */
function latestRunOf(syncs: readonly CohortSync[]) {
  const [latest] = syncs
    .flatMap(({ lastRun, settings }) => (lastRun === null ? [] : [{ sync: settings.id, ...lastRun }]))
    .toSorted((one, other) => other.startedAt - one.startedAt);
  if (latest === undefined) return null;
  const { sync, startedAt, outcome, status, error } = latest;
  return { sync, startedAt: new Date(startedAt).toISOString(), outcome, status, error };
}
