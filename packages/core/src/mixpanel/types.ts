/**
 * One event of `POST /import`.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export interface ImportEvent {
  /** Name of the event. */
  event: string;
  properties: {
    /** Seconds since 1970. */
    time: number;
    /** ID of the user. */
    distinct_id: string;
    /** ID by which Mixpanel recognizes an event that is sent again. */
    $insert_id: string;
    [name: string]: unknown;
  };
}

/** One entry of `failed_records` of a 400: an event that Mixpanel rejected. */
export interface FailedRecord {
  /** Position of the event in the request, from 0. */
  index: number;
  insert_id: string;
  /** Path of the invalid field, such as `properties.time`; `''` for the whole event. */
  field: string;
  message: string;
}

/** One validation error of one event, in the words of `failed_records`. */
export type ImportIssue = Pick<FailedRecord, 'field' | 'message'>;
