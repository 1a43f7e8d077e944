import type { CohortWebhookPage } from '@braze-mixpanel/core/mixpanel';
import type { CohortService } from './cohort-service.ts';
import type { CohortEntry, SourceKind } from './connection.ts';
import type { DryRun } from './syncs/dry-run.ts';
import { type RunJson, reportJson, type SyncJson, syncJson } from './syncs/sync-json.ts';

/**
 * What can be asked about cohort syncs, whoever runs them: this process, or the replica that does. Arguments and results survive
 * JSON. Failures are `CohortError`; what each verb does is said at `CohortService`.
 */
export interface CohortApi {
  list(): Promise<SyncJson[]>;
  find(id: string): Promise<SyncJson>;
  create(connection: string, entry: CohortEntry, options: { start: boolean }): Promise<SyncJson>;
  pause(id: string): Promise<SyncJson>;
  resume(id: string): Promise<SyncJson>;
  run(id: string): Promise<SyncJson>;
  confirm(id: string): Promise<SyncJson>;
  setSource(id: string, source: SourceKind): Promise<SyncJson>;
  remove(id: string): Promise<void>;
  dryRun(id: string, resend: boolean): Promise<DryRun>;
  history(id: string, page: { before?: number | undefined; limit: number }): Promise<RunJson[]>;
  unmatched(id: string, page: { after?: string | undefined; limit: number }): Promise<string[]>;
  forget(externalId: string): ReturnType<CohortService['forget']>;
  trace(externalId: string): ReturnType<CohortService['trace']>;
  /** Resolves when the page is on disk. */
  receive(connection: string, page: CohortWebhookPage): Promise<void>;
}

export function cohortApiOf(cohorts: CohortService): CohortApi {
  return {
    list: async () => cohorts.list().map(syncJson),
    find: async id => syncJson(cohorts.find(id)),
    create: async (connection, entry, options) => syncJson(await cohorts.create(connection, entry, options)),
    pause: async id => syncJson(await cohorts.pause(id)),
    resume: async id => syncJson(await cohorts.resume(id)),
    run: async id => syncJson(cohorts.run(id)),
    confirm: async id => syncJson(await cohorts.confirm(id)),
    setSource: async (id, source) => syncJson(await cohorts.setSource(id, source)),
    remove: id => cohorts.remove(id),
    dryRun: async (id, resend) => cohorts.dryRun(id, resend),
    history: async (id, { before, limit }) => (await cohorts.history(id, { before, limit })).map(reportJson),
    unmatched: (id, { after, limit }) => cohorts.unmatched(id, { after, limit }),
    forget: externalId => cohorts.forget(externalId),
    trace: externalId => cohorts.trace(externalId),
    receive: (connection, page) => cohorts.receive(connection, page),
  };
}
