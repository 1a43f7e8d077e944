import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';
import type { MappedRow } from './map-rows.ts';
import type { Answers, EventAnswer } from './settlement.ts';

/**
 * Answers to the events of a row that was accepted in shadow mode, without sending any: an event that passes
 * Mixpanel's import checks counts as sent, any other as refused.
 *
 * @param now milliseconds since 1970
 */
export function shadowAnswers(row: MappedRow, now: number): Answers {
  const answers = new Map<MappedRow['outbound'][number], EventAnswer>();
  for (const event of row.outbound) {
    const [issue] = checkImportEvent(JSON.parse(event.json), { now, bytes: event.bytes });
    answers.set(
      event,
      issue === undefined
        ? { kind: 'would_be_sent' }
        : { kind: 'refused', reason: 'refused_in_shadow', detail: `${issue.field}: ${issue.message}` },
    );
  }
  return answers;
}
