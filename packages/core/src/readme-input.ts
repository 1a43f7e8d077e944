import { checkInput, faultSentences } from '@braze-mixpanel/core/input';
import * as z from 'zod';

/** The faults of a query, as sentences. */
export function example() {
  const schema = z.object({ limit: z.int().max(1_000), mode: z.enum(['query', 'webhook']) });
  const checked = checkInput(schema, { limit: 5_000 });
  return checked.success ? '' : faultSentences(checked.faults, 'The query');
}
