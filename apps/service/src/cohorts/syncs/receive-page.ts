import type { CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import { CohortError } from '../cohort-error.ts';
import { readableName } from '../cohort-name.ts';
import type { CohortConnection } from '../connection.ts';
import { membersOf, pageOf } from '../sources/page.ts';
import { abandonReading } from '../sources/read-cohort.ts';
import { syncId } from './sync-record.ts';
import type { SyncRegistry, SyncRegistryOptions } from './sync-registry.ts';
import type { SyncRunner } from './sync-runner.ts';

type Options = Pick<SyncRegistryOptions, 'store' | 'clock' | 'activity' | 'logger'>;

/**
 * Maximum of incomplete sessions, by action. Mixpanel has one of a cohort at a time; one that fails midway
 * begins anew, every half hour at most.
 */
const mostGroups = { ofSync: 100, ofAll: 1_000 };

/**
 * Stores one pushed page; resolves when it is on disk. A cohort without a sync gets one. A cohort that is
 * read through the query API is a pushed one from its first full list on, and no longer read; a page of
 * changes alone has nothing that the next read does not have, and is not stored.
 *
 * @throws CohortError `webhook_other_project` where both project IDs are known and differ,
 *   `webhook_too_many_sessions` and `webhook_too_many_cohorts` where a limit is reached; StorageError
 */
export async function receivePage(
  connection: string,
  page: CohortWebhookPage,
  registry: SyncRegistry,
  options: Options,
): Promise<void> {
  const { store, clock, activity } = options;
  const { settings } = registry.connected(connection);
  const { parameters, action } = page;
  refuseOtherProject(settings, parameters.mixpanel_project_id);
  // The process is busy from here on: it must not look idle between the page and its run.
  await activity.track(async () => {
    const known = registry.get(syncId(settings.name, parameters.mixpanel_cohort_id));
    if (action !== 'members' && known?.sync.record.source === 'query') return;
    const runner = await pushed(known, page, { ...options, settings, registry });
    const { total_pages: total, page_count: number } = parameters.page_info;
    const session = parameters.mixpanel_session_id;
    const place = { sync: runner.sync.record.id, session, action, page: number, total, at: clock.now() };
    const stored = await store.putPage({
      ...pageOf(place, membersOf(page), settings.match, id => runner.sync.notePlaceholder(id)),
      mostGroups,
    });
    if (stored === undefined) throw new CohortError('webhook_too_many_sessions');
    if (stored.seen >= stored.total) void runner.trigger('webhook');
  });
}

async function pushed(
  known: SyncRunner | undefined,
  { parameters }: CohortWebhookPage,
  {
    settings,
    registry,
    store,
    logger,
  }: Options & { readonly settings: CohortConnection; readonly registry: SyncRegistry },
): Promise<SyncRunner> {
  const name = readableName(parameters.mixpanel_cohort_name);
  const entry = { id: parameters.mixpanel_cohort_id, mode: 'dynamic', source: 'webhook' } as const;
  const runner = known ?? (await registry.adopt(registry.wantedByPush(settings, entry)));
  const { record } = runner.sync;
  if (record.source !== 'webhook') {
    logger.info({ sync: record.id }, 'Mixpanel pushes this cohort, so it is no longer queried');
    await letPush(runner, store);
  }
  if (name && name !== record.name) await runner.sync.update(now => ({ ...now, name }));
  return runner;
}

/** Makes the cohort a pushed one. */
export async function letPush(runner: SyncRunner, store: Options['store']): Promise<void> {
  await abandonReading(runner.sync, store);
  await runner.sync.update(record => ({ ...record, source: 'webhook', pushedAt: undefined }));
  runner.schedule();
}

/** Refuses the pages of another project: cohort IDs are unique within a project only. */
function refuseOtherProject({ mixpanel }: CohortConnection, project: string | null | undefined): void {
  const { projectId: own } = mixpanel;
  if (own !== undefined && project && own !== project)
    throw new CohortError('webhook_other_project', `${project.slice(0, 80)} instead of ${own}`);
}
