/**
 * Limits of the partner cohort import (as documented from 2022 to 2026).
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
export const cohortImportLimits = {
  /** User IDs, device IDs and aliases in one request, all elements together. */
  idsPerRequest: 1_000,
  /** Requests per hour and endpoint. */
  requestsPerHour: 250_000,
} as const;

/**
 * Limits of `/users/track`. The newest documentation allows 75 objects in all three arrays together, older
 * ones 75 in each: this is the smaller limit.
 *
 * @see https://www.braze.com/docs/api/endpoints/user_data/post_user_track/
 */
export const usersTrackLimits = {
  /** Objects in one request. */
  objectsPerRequest: 75,
  /** Requests in `windowMs`. */
  requests: 3_000,
  /** Milliseconds. */
  windowMs: 3_000,
  /** Bytes of an `external_id` in UTF-8, exclusive (from Braze's own error message). */
  externalIdBytes: 988,
} as const;

/**
 * Bytes that the service reads of a response of Braze. The longest useful response names 75 refused objects.
 */
export const brazeAnswerBytes = 256 * 1024;

/**
 * Limits of `/users/export/ids`.
 *
 * @see https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/
 */
export const usersExportLimits = {
  /** External IDs and user aliases in one request. */
  idsPerRequest: 50,
  /** Requests per minute. */
  requestsPerMinute: 250,
} as const;

/**
 * Limits of `/users/identify`, `/users/alias/new` and `/users/delete`, which share the rate (as documented in
 * 2026).
 *
 * @see https://www.braze.com/docs/api/api_limits/
 */
export const userIdentityLimits = {
  /** Objects in one request. */
  objectsPerRequest: 50,
  /** Requests per minute to all three endpoints together. */
  requestsPerMinute: 20_000,
} as const;

/**
 * Partner name of Mixpanel in `/partners/{partner}/cohorts`.
 *
 * @see https://www.braze.com/docs/partners/isv_partners/cohort_import
 */
export const cohortPartner = 'mixpanel';
