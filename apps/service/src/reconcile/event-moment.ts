import type { ExportedEvent } from './raw-export.ts';

/** Key of an event's name, user and second, by which the events of two senders are recognised. */
export const momentOf = ({
  event,
  time,
  distinctId,
}: Pick<ExportedEvent, 'event' | 'time' | 'distinctId'>): string =>
  `${time}\n${distinctId.length}\n${distinctId}\n${event}`;
