import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';
import type { RowProgress } from './map-rows.ts';

/**
 * Gives every mapped event of a row that was accepted in shadow its final answer without sending it: skipped as `shadow` where it
 * passes Mixpanel's checks of an import, a dead letter where it does not.
 *
 * @param now milliseconds since 1970
 */
export function settleInShadow(row: RowProgress, now: number): void {
  for (const event of row.outbound) {
    const [issue] = checkImportEvent(JSON.parse(event.json), { now, bytes: event.bytes });
    if (issue === undefined) {
      row.skipped.shadow = (row.skipped.shadow ?? 0) + 1;
      row.days.add(event.event, event.time);
    } else {
      const detail = `${issue.field}: ${issue.message}`;
      row.dead.push({ index: event.index, reason: 'refused_in_shadow', detail, mapped: event });
    }
  }
  row.unanswered = 0;
}
