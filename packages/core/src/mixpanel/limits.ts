/**
 * What `POST /import` takes. "Below" means the value itself is refused.
 * Source: Mixpanel developer documentation, "Import Events" and "Rate Limits".
 * Sizes are decimal (1 MB = 1,000,000 bytes): the smaller reading, so that what fits here fits there.
 */
export const importLimits = {
  /** Events in one request. */
  eventsPerRequest: 2_000,
  /** Bytes of one request's body before compression. */
  requestBytes: 10_000_000,
  /** One event's JSON text in UTF-8 stays below this many bytes. */
  eventBytesBelow: 1_000_000,
  /** One event has fewer properties than this, `time` and the ids included. */
  propertiesBelow: 255,
  /** Nesting of one property's value: a scalar is 0, a container one more than its deepest child. */
  depth: 3,
  /** A nested object or array has fewer elements than this. */
  elementsBelow: 255,
  /** Characters (UTF-16 code units) that are kept of a string; the rest is cut by Mixpanel. */
  stringLength: 255,
  /** Bytes of `$insert_id`. */
  insertIdBytes: 36,
  /** Seconds since 1970: 1971-01-01T00:00:00Z. */
  earliestTime: 31_536_000,
  /** Seconds by which `time` may run ahead of Mixpanel's clock; smaller leads become "now". */
  latestLead: 3_600,
  /** Uncompressed JSON bytes in a rolling minute. */
  bytesPerMinute: 2_000_000_000,
  /** About what `bytesPerMinute` means in events a second. */
  eventsPerSecond: 30_000,
} as const;
