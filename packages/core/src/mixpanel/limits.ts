/**
 * Limits of `POST /import`. A limit named `…Below` is exclusive. Sizes are decimal (1 MB = 1,000,000 bytes),
 * the smaller of the two readings, so that a request within them fits either one.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export const importLimits = {
  /** Events in one request. */
  eventsPerRequest: 2_000,
  /** Bytes of one request's body before compression. */
  requestBytes: 10_000_000,
  /** Bytes of one event's JSON text in UTF-8, exclusive. */
  eventBytesBelow: 1_000_000,
  /** Properties of one event, exclusive; `time` and the IDs count. */
  propertiesBelow: 255,
  /** Nesting of one property's value: a scalar is 0, a container one more than its deepest child. */
  depth: 3,
  /** Elements of a nested object or array, exclusive. */
  elementsBelow: 255,
  /** Characters (UTF-16 code units) of a string that Mixpanel keeps; it truncates longer strings. */
  stringLength: 255,
  /** Bytes of `$insert_id`. */
  insertIdBytes: 36,
  /** Earliest `time`, seconds since 1970: 1971-01-01T00:00:00Z. */
  earliestTime: 31_536_000,
  /** Seconds that `time` may be ahead of Mixpanel's clock. Mixpanel replaces such a `time` by its own. */
  latestLead: 3_600,
  /** Uncompressed JSON bytes in a rolling minute, per project. */
  bytesPerMinute: 2_000_000_000,
  /** Events per second, per project: about the same rate as `bytesPerMinute`. */
  eventsPerSecond: 30_000,
} as const;
