/**
 * The requests of the partner cohort import: Braze's checks, their order and error texts. Braze documents the
 * texts, but not the order; the simulator checks the keys, `cohort_id`, then the rest in the order of the
 * documented list, and the limit last.
 */
import { type cohortImportErrors, cohortImportLimits } from '@braze-mixpanel/core/braze';
import { isRecord } from '@braze-mixpanel/simulator-kit';
import { isAlias } from '../users/user.ts';
import type { CohortChange } from './cohorts.ts';

export type PartnerError = keyof typeof cohortImportErrors;
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: PartnerError };

export interface ImportAccess {
  readonly partner: string;
  readonly enabledPartners: ReadonlySet<string>;
  readonly partnerKey: string;
  readonly isActiveSecret: (secret: string) => boolean;
}

/** The check of both keys: missing, the partner's, the customer's, and whether they belong together. */
export function checkAccess(body: Record<string, unknown>, access: ImportAccess): PartnerError | undefined {
  const { partner_api_key: partnerKey, client_secret: secret } = body;
  if (partnerKey === undefined || secret === undefined) return 'unauthorized';
  if (partnerKey !== access.partnerKey) return 'invalidPartnerKey';
  if (typeof secret !== 'string' || !access.isActiveSecret(secret)) return 'invalidClientSecret';
  if (!access.enabledPartners.has(access.partner)) return 'partnerNotEnabled';
  return undefined;
}

export interface CreateRequest {
  readonly cohortId: string;
  readonly name: string;
  readonly createdAt: string;
}

export function readCreate(body: Record<string, unknown>): Checked<CreateRequest> {
  const { cohort_id: cohortId, name, created_at: createdAt } = body;
  if (!isText(cohortId)) return { ok: false, error: 'invalidCohortId' };
  if (!isText(name)) return { ok: false, error: 'invalidName' };
  if (typeof createdAt !== 'string' || !isIsoTime(createdAt)) return { ok: false, error: 'invalidCreatedAt' };
  return { ok: true, value: { cohortId, name, createdAt } };
}

export interface UsersRequest {
  readonly cohortId: string;
  readonly changes: readonly CohortChange[];
}

export function readUsers(body: Record<string, unknown>): Checked<UsersRequest> {
  const { cohort_id: cohortId, cohort_changes: given } = body;
  if (!isText(cohortId)) return { ok: false, error: 'invalidCohortId' };
  if (!Array.isArray(given)) return { ok: false, error: 'invalidChanges' };
  const changes: CohortChange[] = [];
  let ids = 0;
  for (const element of given) {
    const change = readChange(element);
    if (!change) return { ok: false, error: 'invalidChanges' };
    ids += change.userIds.length + change.deviceIds.length + change.aliases.length;
    changes.push(change);
  }
  if (ids > cohortImportLimits.idsPerRequest) return { ok: false, error: 'tooManyIds' };
  return { ok: true, value: { cohortId, changes } };
}

function readChange(element: unknown): CohortChange | undefined {
  if (!isRecord(element)) return undefined;
  const { user_ids: userIds = none, device_ids: deviceIds = none, aliases = none } = element;
  const { should_remove: remove = false } = element;
  if (userIds === none && deviceIds === none && aliases === none) return undefined;
  if (!isTexts(userIds) || !isTexts(deviceIds) || typeof remove !== 'boolean') return undefined;
  const list: unknown[] = Array.isArray(aliases) ? aliases : [aliases];
  if (!list.every(isAlias)) return undefined;
  return { userIds, deviceIds, aliases: list, remove };
}

const none: readonly never[] = [];

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'string');
}

const isoTime =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/i;

function isIsoTime(value: string): boolean {
  if (!isoTime.test(value)) return false;
  // The parser rolls 30 February over into March, so the parsed day is compared with the given one.
  const day = new Date(value.slice(0, 10));
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value.slice(0, 10));
}
