import type { CatalogueVersion } from '@braze-mixpanel/core/currents';
import pc from 'picocolors';
import { startStack } from '../stack.ts';
import { type CohortOutcome, playCohorts } from './cohorts.ts';
import { type EventsOutcome, playEvents, problemsOfEvents } from './events.ts';

/**
 * Runs the scenario on servers of its own. Resolves to the exit status: 0, or 1 if the totals do not
 * match.
 */
export async function runOnce({
  json,
  catalogueVersion,
}: {
  json: boolean;
  catalogueVersion: CatalogueVersion;
}): Promise<number> {
  await using stack = await startStack({ catalogueVersion });
  const events = await playEvents(stack, catalogueVersion);
  const { cohorts, problems: problemsOfCohorts } = await playCohorts(stack);
  const problems = [...problemsOfEvents(events, catalogueVersion), ...problemsOfCohorts];
  const ok = problems.length === 0;
  if (json) console.log(JSON.stringify({ ok, ...events, cohorts, problems }));
  else printReadable(events, cohorts, problems);
  return ok ? 0 : 1;
}

function printReadable(events: EventsOutcome, cohorts: CohortOutcome[], problems: string[]): void {
  const skipped = Object.entries(events.skipped).map(([reason, count]) => `${count} skipped (${reason})`);
  console.log(
    [
      `Braze emitted ${events.emitted} events, ${events.resent} of them twice.`,
      `Mixpanel lost an answer, so some were sent again: ${events.stored} stored, ${events.imported} unique, ${events.eventNames.length} event names; ${skipped.join(', ')}; ${events.deadLettered} in dead letters.`,
      ...cohorts.map(
        ({ id, mode, source, sink, mixpanelMembers, brazeMembers, segmentMembers }) =>
          `Cohort ${id} (${mode}, ${source} → ${sink}) two hours later: ${mixpanelMembers} members in Mixpanel, ${brazeMembers} in Braze, ${segmentMembers} in the segment.`,
      ),
      ...(problems.length === 0
        ? [pc.green('All totals match.')]
        : problems.map(problem => pc.red(`✗ ${problem}`))),
    ].join('\n'),
  );
}
