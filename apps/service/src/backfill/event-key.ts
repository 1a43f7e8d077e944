import { momentOf } from '../reconcile/event-moment.ts';

/** Key of an event's name, user, time and `$insert_id`, by which Mixpanel recognises a repeated event. */
export const eventKey = (event: Parameters<typeof momentOf>[0] & { readonly insertId: string }): string =>
  `${event.insertId.length}\n${event.insertId}\n${momentOf(event)}`;
