import { checkInput } from '@braze-mixpanel/core/input';
import * as z from 'zod';

/**
 * Maximum of reported problems. More would not be shown, and a list of a million wrong elements has as many.
 */
const mostFaults = 10;

/**
 * A schema for long lists: as `z.array`, but validation stops at the tenth wrong element. `z.array` creates
 * an issue for each wrong element, which blocks the process for seconds if there are a million.
 */
export function listOf<Element extends z.ZodType>(
  element: Element,
): z.ZodType<z.output<Element>[], z.input<Element>[]> {
  const list = z.array(z.unknown()).transform((items, context): z.output<Element>[] => {
    const checked: z.output<Element>[] = [];
    let faults = 0;
    for (const [index, item] of items.entries()) {
      const read = checkInput(element, item);
      if (read.success) checked.push(read.data);
      else
        for (const { path, message } of read.faults)
          if (faults++ < mostFaults) context.addIssue({ code: 'custom', path: [index, ...path], message });
      if (faults >= mostFaults) break;
    }
    return faults > 0 ? z.NEVER : checked;
  });
  return list as z.ZodType<unknown, unknown> as z.ZodType<z.output<Element>[], z.input<Element>[]>;
}
