import type { MappingResult } from '@braze-mixpanel/core/mapping';
import { skipReasons } from '@braze-mixpanel/core/mapping';
import type { Emitted } from './ledger.ts';

/** What the servers know of one event. */
export interface Traces {
  readonly emitted: Emitted;
  readonly mapping: MappingResult;
  /** Rows that Mixpanel stored under its `$insert_id`, and the events that remain of them without duplicates. */
  readonly stored: number;
  readonly unique: number;
  /** The reason and detail of its newest dead letter. */
  readonly deadLetter: { readonly reason: string; readonly detail: string } | undefined;
  /** Whether the service still has events to deliver. */
  readonly pending: boolean;
  /** Whether a Current that takes events was launched at all. */
  readonly sent: boolean;
}

type Became = 'imported' | 'skipped' | 'dead-lettered' | 'pending' | 'not sent' | 'lost';

export interface EventVerdict {
  readonly id: string;
  readonly eventType: string | null;
  readonly emittedAt: string;
  readonly emitted: number;
  readonly became: Became;
  /** Whether Mixpanel shows it once, and once only. */
  readonly exactlyOnce: boolean;
  /** Whether that is what has to become of such an event, now or in a while. */
  readonly right: boolean;
  readonly why: string;
}

/** What became of one event, exactly once or not, and why. */
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
  const { mapping, stored, unique, deadLetter, pending, sent, emitted } = traces;
  if (unique > 0) {
    if (mapping.outcome !== 'mapped')
      return { became: 'imported', right: false, why: `Mixpanel has it, though it is ${mapping.reason}.` };
    if (unique > 1) {
      const why = `Mixpanel shows it ${unique} times: its name, user, time or $insert_id differed between deliveries.`;
      return { became: 'imported', right: false, why };
    }
    return { became: 'imported', right: true, why: storedWords(stored, emitted.times) };
  }
  if (deadLetter) {
    const why = `It is a dead letter: ${deadLetter.reason}, ${deadLetter.detail}`;
    return { became: 'dead-lettered', right: true, why };
  }
  if (!sent) {
    return { became: 'not sent', right: true, why: 'No Current was launched that would have sent it.' };
  }
  if (mapping.outcome === 'skipped') {
    const why = `It is not meant to arrive (${mapping.reason}): ${skipReasons[mapping.reason].meaning}.`;
    return { became: 'skipped', right: true, why };
  }
  if (pending)
    return {
      became: 'pending',
      right: true,
      why: 'The service has accepted events that it has yet to deliver.',
    };
  return {
    became: 'lost',
    right: false,
    why: 'It is neither in Mixpanel nor a dead letter, the service has nothing left to deliver, and there was no reason to skip it. Braze itself drops events above 900 KB, and those answered 400 twice: GET /_sim/currents counts them.',
  };
}

function storedWords(stored: number, emitted: number): string {
  if (stored === 1) return 'Mixpanel stored it once.';
  const again =
    emitted > 1 ? `Braze sent it ${emitted} times` : 'it was sent again, since an answer was lost or late';
  return `Mixpanel stored it ${stored} times under one $insert_id and shows it once: ${again}.`;
}
