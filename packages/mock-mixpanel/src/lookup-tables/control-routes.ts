import {
  ControlInputError,
  controlRoutes,
  documented,
  jsonText,
  missing,
  respond,
  withBody,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import * as z from 'zod';
import { checkUuid } from '../control-input.ts';
import type { MockMixpanelModel } from '../model.ts';
import { lookupTableInput } from './input.ts';
import { type LookupTable, rowsOf, textOf } from './lookup-table-store.ts';

const shownSchema = z.object({
  id: z.string(),
  name: z.string(),
  properties: z.array(z.string()),
  columns: z.array(z.string()),
  rows: z.int(),
  bytes: z.int(),
  replacedAt: z.string(),
});
const rowSchema = z.object({ key: z.string(), columns: z.record(z.string(), z.unknown()) });

/**
 * The routes `/_sim/lookup-tables`: `PUT /:id` does what Mixpanel's interface does, creates a table (or replaces it) and
 * maps properties to it; `GET` lists the tables, `GET /:id` shows one, `GET /:id/rows` its rows with the types that
 * Mixpanel gives them, `DELETE /:id` deletes one.
 */
export function lookupTableControlRoutes({ lookupTables, clock }: MockMixpanelModel) {
  const withTable = withItem('lookup table', 'lookup-tables', id => lookupTables.get(id));
  return controlRoutes({
    'GET lookup-tables': documented('The lookup tables.', { 200: z.array(shownSchema) }, () =>
      respond(200, lookupTables.list().map(shown)),
    ),
    'GET lookup-tables/:id': documented(
      'One lookup table.',
      { 200: shownSchema },
      withTable(table => respond(200, shown(table))),
    ),
    'GET lookup-tables/:id/rows': documented(
      'The rows of a lookup table by join key, with typed values.',
      { 200: z.array(rowSchema) },
      withTable(async table => jsonText(writtenRows(await textOf(table)))),
    ),
    'PUT lookup-tables/:id': documented(
      "Creates or replaces a lookup table, as Mixpanel's interface does, and maps properties to it.",
      { 200: shownSchema },
      withBody(lookupTableInput.schema, lookupTableInput.example, ({ csv, ...naming }, { params }) => {
        const { id = '' } = params;
        checkUuid('lookup table', 'lookup-tables', id);
        for (const property of naming.properties) {
          const other = lookupTables.otherOf(id, property);
          if (other !== undefined)
            throw new ControlInputError(
              `The property "${property}" is mapped to the lookup table ${other.id} ("${other.name}"), and can be mapped to one table only. Map it to one of them.`,
            );
        }
        const table = { id, ...naming, ...csv, replacedAt: clock.now() };
        lookupTables.put(table);
        return respond(200, shown(table));
      }),
    ),
    'DELETE lookup-tables/:id': documented(
      'Deletes a lookup table.',
      { 200: z.object({ status: z.literal('deleted') }) },
      ({ params: { id = '' } }) =>
        lookupTables.delete(id)
          ? respond(200, { status: 'deleted' })
          : missing('lookup table', id, 'lookup-tables'),
    ),
  });
}

function shown({ id, name, properties, columns, rows, bytes, replacedAt }: LookupTable) {
  return { id, name, properties, columns, rows, bytes, replacedAt: new Date(replacedAt).toISOString() };
}

function* writtenRows(text: string): Generator<string> {
  let separator = '[';
  for (const [key, columns] of rowsOf(text)) {
    yield separator + JSON.stringify({ key, columns });
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}
