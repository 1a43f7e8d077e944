import type { MappingResult } from '@braze-mixpanel/core/mapping';
import { skipReasons } from '@braze-mixpanel/core/mapping';
import type { Emitted } from './ledger.ts';

/** The facts about one event, from all servers. */
export interface Traces {
  readonly emitted: Emitted;
  readonly mapping: MappingResult;
  /** Rows stored by Mixpanel under its `$insert_id`, and the number of events after de-duplication. */
  readonly stored: number;
  readonly unique: number;
  /** Reason and detail of its newest dead letter. */
  readonly deadLetter: { readonly reason: string; readonly detail: string } | undefined;
  /** Whether an operator corrected and replayed its dead letter. */
  readonly corrected: boolean;
  /** Whether the service has undelivered events. */
  readonly pending: boolean;
  /** Whether a Current that accepts events was ever launched. */
  readonly sent: boolean;
}

type Became = 'imported' | 'skipped' | 'dead-lettered' | 'pending' | 'not sent' | 'lost';

export interface EventVerdict {
  readonly id: string;
  readonly eventType: string | null;
  readonly emittedAt: string;
  readonly emitted: number;
  readonly became: Became;
  /** Whether Mixpanel shows it exactly once. */
  readonly exactlyOnce: boolean;
  /** Whether this outcome is correct, now or after a while. */
  readonly right: boolean;
  readonly why: string;
}

/** The verdict on an event: its outcome, whether it arrived exactly once, and the reason. */
export function judgeEvent(traces: Traces): EventVerdict {
  const { emitted, unique } = traces;
  const { event_type: eventType } = (emitted.event ?? {}) as { event_type?: unknown };
  return {
    id: emitted.id,
    eventType: typeof eventType === 'string' ? eventType : null,
    emittedAt: new Date(emitted.at).toISOString(),
    emitted: emitted.times,
    exactlyOnce: unique === 1,
    ...outcomeOf(traces),
  };
}

function outcomeOf(traces: Traces): Pick<EventVerdict, 'became' | 'right' | 'why'> {
  const { mapping, stored, unique, deadLetter, corrected, pending, sent, emitted } = traces;
  if (unique > 0) {
    if (mapping.outcome !== 'mapped' && !corrected)
      return { became: 'imported', right: false, why: `Mixpanel has it, though it is ${mapping.reason}.` };
    if (unique > 1) {
      const why = `Mixpanel shows it ${unique} times: its name, user, time or $insert_id differed between deliveries.`;
      return { became: 'imported', right: false, why };
    }
    const before =
      mapping.outcome === 'mapped'
        ? ''
        : `It was a dead letter (${mapping.reason}), corrected and replayed. `;
    return { became: 'imported', right: true, why: `${before}${storedDetail(stored, emitted.times)}` };
  }
  if (deadLetter) {
    const why = `It is a dead letter: ${deadLetter.reason}, ${deadLetter.detail}`;
    return { became: 'dead-lettered', right: true, why };
  }
  if (!sent) {
    return {
      became: 'not sent',
      right: true,
      why: 'No Current that would send it was launched. Storage Currents only write files.',
    };
  }
  if (mapping.outcome === 'skipped') {
    const why = `It is not meant to arrive (${mapping.reason}): ${skipReasons[mapping.reason].meaning}.`;
    return { became: 'skipped', right: true, why };
  }
  if (pending)
    return {
      became: 'pending',
      right: true,
      why: 'The service has accepted events that are not delivered yet.',
    };
  return {
    became: 'lost',
    right: false,
    why: 'It is neither in Mixpanel nor a dead letter, the service has nothing left to deliver, and there was no reason to skip it. Braze itself drops events above 900 KB, and those answered 400 twice: GET /_sim/currents counts them.',
  };
}

function storedDetail(stored: number, emitted: number): string {
  if (stored === 1) return 'Mixpanel stored it once.';
  const again =
    emitted > 1 ? `Braze sent it ${emitted} times` : 'it was sent again, since an answer was lost or late';
  return `Mixpanel stored it ${stored} times under one $insert_id and shows it once: ${again}.`;
}
