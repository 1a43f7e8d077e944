/** The two documented layouts of paths. */
export const layouts = ['version', 'schema-id'] as const;
type Layout = (typeof layouts)[number];

/** Facts of a file of a storage export. */
export interface FileFacts {
  /** Prefix of the bucket. */
  readonly folder: string;
  readonly layout: Layout;
  /** 24 hexadecimal digits. */
  readonly integrationId: string;
  readonly eventType: string;
  /** Time at which its events were queued, in milliseconds since 1970. */
  readonly queuedAt: number;
  /** Version of Currents, which also stands for the ID of the schema. */
  readonly version: number;
  readonly offset: number;
}

/**
 * Path of a file. In the layout `version`:
 * `<folder>/dataexport.prod-01.S3.integration.<id>/event_type=<type>/date=<YYYY-MM-DD-HH>/version=<n>/us-01/`
 * and `dataexport.prod-01.S3.integration.<id>+0+<offset>.avro`; the earlier layout has the ID of the schema
 * instead of `version=<n>`. The date is the UTC hour of queueing.
 *
 * @see https://www.braze.com/docs/user_guide/data/distribution/braze_currents/setting_up_currents/event_delivery_semantics/
 * Seen 2026, with `version=` (2025) and `<schema-id>/<zone>` (2024).
 */
export function exportPath(facts: FileFacts): string {
  const { folder, layout, integrationId, eventType, queuedAt, version, offset } = facts;
  const integration = `dataexport.prod-01.S3.integration.${integrationId}`;
  const date = new Date(queuedAt).toISOString().slice(0, 13).replace('T', '-');
  return [
    ...[folder, integration, `event_type=${eventType}`, `date=${date}`],
    ...[layout === 'version' ? `version=${version}` : String(version), 'us-01'],
    `${integration}+0+${offset}.avro`,
  ].join('/');
}
