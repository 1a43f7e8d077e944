/** What the path of an exported file says about its events. */
export interface PathFacts {
  readonly eventType?: string;
  /** The UTC hour in which Braze queued the events, in milliseconds since 1970; not the hour of the events. */
  readonly queuedHour?: number;
}

/**
 * Event type and hour of a path, in both layouts of Braze and below any prefix:
 * `…/event_type=<type>/date=<YYYY-MM-DD-HH>/version=<n>/<environment>/…` and
 * `…/event_type=<type>/date=<YYYY-MM-DD-HH>/<schema ID>/<zone>/…`. Neither is needed to read a file.
 *
 * @see https://www.braze.com/docs/user_guide/data/distribution/braze_currents/how_braze_uses_currents/
 * @example
 * ```ts
 * import { pathFacts } from '@braze-mixpanel/currents-files';
 *
 * const path = 'a/event_type=users.messages.email.Open/date=2026-07-21-10/1/zone/b.avro';
 * console.log(pathFacts(path).eventType); // users.messages.email.Open
 * ```
 */
export function pathFacts(path: string): PathFacts {
  const segments = path.split('/');
  const partOf = (name: string) =>
    segments.findLast(segment => segment.startsWith(`${name}=`))?.slice(name.length + 1);
  const eventType = partOf('event_type');
  const hour = /^(\d{4}-\d{2}-\d{2})-(\d{2})$/.exec(partOf('date') ?? '');
  const queuedHour = hour ? Date.parse(`${hour[1]}T${hour[2]}:00:00Z`) : Number.NaN;
  return {
    ...(eventType && { eventType }),
    ...(!Number.isNaN(queuedHour) && { queuedHour }),
  };
}

/**
 * Event type of a record's schema: its full name without Braze's prefix, such as
 * `com.example.dataexport.S3.inner.`.
 */
export function schemaEventType(fullName: string): string {
  const segments = fullName.split('.');
  const inner = segments.findIndex((segment, at) => segment === 'inner' && segments[at - 2] === 'dataexport');
  return segments.slice(inner + 1).join('.');
}
