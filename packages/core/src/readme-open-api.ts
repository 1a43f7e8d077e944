import { openApiDocument } from '@braze-mixpanel/core/open-api';
import * as z from 'zod';

/** The paths of an OpenAPI document. */
export function example() {
  const answers = { 200: z.object({ text: z.string() }) };
  const operations = [{ method: 'GET', path: '/notes/:id', summary: 'One note.', answers }];
  const document = openApiDocument({ title: 'Notes', version: '1', description: 'Notes.', operations });
  return Object.keys(document.paths ?? {});
}
