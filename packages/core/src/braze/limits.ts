/** Limits of the partner cohort import. Source: Braze docs, "Partner cohort import" (read 2022 to 2026). */
export const cohortImportLimits = {
  /** User ids, device ids and aliases of all elements of one request together. */
  idsPerRequest: 1_000,
  /** Per endpoint. */
  requestsPerHour: 250_000,
} as const;

/**
 * Limits of `/users/track`. Source: Braze docs, "POST: Track users". The newest text counts 75 objects in all three arrays
 * together, older ones 75 in each: the project keeps to the smaller reading.
 */
export const usersTrackLimits = {
  objectsPerRequest: 75,
  requests: 3_000,
  windowMs: 3_000,
  /** `external_id` must be fewer bytes than this (the vendor's own error text). */
  externalIdBytes: 988,
} as const;

/**
 * Bytes of an answer of Braze that are read. The longest answer that means anything names 75 refused objects.
 */
export const brazeAnswerBytes = 256 * 1024;

/** Limits of `/users/export/ids`. Source: Braze docs, "POST: Export user profile by identifier". */
export const usersExportLimits = {
  idsPerRequest: 50,
  requestsPerMinute: 250,
} as const;

/** Limits of `/users/identify`, `/users/alias/new` and `/users/delete`; the rate is shared. Source: Braze docs, read 2026. */
export const userIdentityLimits = {
  objectsPerRequest: 50,
  requestsPerMinute: 20_000,
} as const;

/** Name of this integration in `/partners/{partner}/cohorts`. */
export const cohortPartner = 'mixpanel';

/** REST hosts of the Braze instances. Source: Braze docs, "API overview" (read 2026). */
export const brazeInstances = [
  'rest.iad-01.braze.com',
  'rest.iad-02.braze.com',
  'rest.iad-03.braze.com',
  'rest.iad-04.braze.com',
  'rest.iad-05.braze.com',
  'rest.iad-06.braze.com',
  'rest.iad-07.braze.com',
  'rest.iad-08.braze.com',
  'rest.iad-10.braze.com',
  'rest.fra-01.braze.eu',
  'rest.fra-02.braze.eu',
  'rest.au-01.braze.com',
] as const;
