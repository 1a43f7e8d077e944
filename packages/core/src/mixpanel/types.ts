/** One event of `POST /import`. */
export interface ImportEvent {
  event: string;
  properties: {
    /** UNIX seconds. */
    time: number;
    distinct_id: string;
    $insert_id: string;
    [name: string]: unknown;
  };
}

/** One entry of `failed_records` of a 400. */
export interface FailedRecord {
  index: number;
  insert_id: string;
  field: string;
  message: string;
}

/** One objection of Mixpanel's to one event, as `failed_records` words it. */
export type ImportIssue = Pick<FailedRecord, 'field' | 'message'>;
