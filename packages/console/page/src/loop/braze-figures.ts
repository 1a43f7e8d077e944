import type { Current } from '../mock-braze/current.ts';
import { sum } from '../service/status.ts';

/** What mock Braze says of its Currents. */
interface BrazeFigures {
  readonly launched: number;
  readonly currents: number;
  readonly sent: number;
  /** Events in Braze that are not sent yet. */
  readonly waiting: number;
  readonly dropped: number;
  /** Since when a Current fails, or why one is disabled. */
  readonly trouble: string | undefined;
}

export function brazeFigures(currents: readonly Current[]): BrazeFigures {
  const queues = currents.flatMap(each => each.queues);
  const disabled = currents.find(({ disabledReason }) => disabledReason !== null);
  const failing = currents.find(({ failingSince }) => failingSince !== null);
  return {
    launched: currents.filter(({ state }) => state === 'launched').length,
    currents: currents.length,
    sent: currents.reduce((all, each) => all + each.sent, 0),
    waiting: queues.reduce((all, { pending, waiting, held }) => all + pending + waiting + held, 0),
    dropped: currents.reduce((all, each) => all + sum(each.dropped), 0),
    trouble:
      disabled !== undefined
        ? `${disabled.name} is disabled`
        : failing !== undefined
          ? `${failing.name}: ${answerOf(failing)}`
          : undefined,
  };
}

function answerOf({ lastAnswer }: Current): string {
  if (lastAnswer?.status !== undefined) return `answered ${lastAnswer.status}, sent again`;
  return 'no answer, sent again';
}
