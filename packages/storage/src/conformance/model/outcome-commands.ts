import fc from 'fast-check';
import { expect } from 'vitest';
import type { BatchOutcome, NewDeadLetter } from '../../ports/index.ts';
import { bytesOf, HOUR } from '../../testing/samples.ts';
import { command, countersOf, fresh, owner, type Row } from './model.ts';

const part = fc.float({ min: 0, max: 1, noNaN: true });

export const complete = fc.tuple(owner, part, part, part, part).map(([by, share, imported, skipped, held]) =>
  command(`complete as ${by}`, async (model, storage) => {
    const known = model.rows.filter(row => model.ids.has(row.text));
    const chosen = known.slice(0, Math.ceil(known.length * share));
    const outcomes = chosen.map(row => outcomeOf(model.ids.get(row.text)!, row, imported, skipped, held));
    const mine = chosen.filter(row => row.owner === by);
    expect(await storage.journal.complete(by, outcomes)).toEqual(mine.map(row => model.ids.get(row.text)));

    for (const [index, row] of chosen.entries()) {
      if (row.owner !== by) continue;
      const counters = countersOf(model, row.connection);
      counters.imported += outcomes[index]!.imported;
      counters.skipped += outcomes[index]!.skipped.not_selected ?? 0;
      counters.dead += outcomes[index]!.deadLetters.length;
      for (const { original } of outcomes[index]!.deadLetters)
        model.dead.push({ connection: row.connection, original });
      for (const { events, text } of heldOf(outcomes[index]!))
        model.rows.push({ ...fresh, text, connection: row.connection, events, delayed: true });
    }
    model.rows = model.rows.filter(row => !mine.includes(row));
  }),
);

/** What an outcome holds; its own bytes may be gone by now, but its text is known. */
const heldOf = ({ id, held = [] }: BatchOutcome) =>
  held.map(({ events }) => ({ events, text: `held of ${id}` }));

function outcomeOf(
  id: number,
  row: Row,
  importedShare: number,
  skippedShare: number,
  heldShare: number,
): BatchOutcome {
  const { text, events } = row;
  const imported = Math.floor(events * importedShare);
  const skipped = Math.floor((events - imported) * skippedShare);
  const held = Math.floor((events - imported - skipped) * heldShare);
  const dead = (index: number): NewDeadLetter => ({
    reason: 'too_deep',
    detail: '',
    eventType: undefined,
    insertId: undefined,
    original: JSON.stringify({ [index]: text }),
    mapped: undefined,
  });
  return {
    id,
    imported,
    skipped: skipped > 0 ? { not_selected: skipped } : {},
    deadLetters: Array.from({ length: events - imported - skipped - held }, (_, index) => dead(index)),
    held: held > 0 ? [{ until: HOUR, events: held, body: bytesOf(`held of ${id}`) }] : [],
    notes: {},
    days: [],
  };
}
