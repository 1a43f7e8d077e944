import { importLimits } from '../mixpanel/limits.ts';
import { shapeOf } from '../mixpanel/value-shape.ts';
import { dead, shown } from './envelope.ts';
import { flatten } from './flatten.ts';
import type { NoteTaker } from './notes.ts';
import type { MappingResult } from './types.ts';

/** Deepest nesting that is flattened. A deeper value is an attack or an error, and becomes a dead letter. */
const deepestFlattened = 64;

/**
 * An object or array as Mixpanel accepts it, flattened if it nests too deep; or the outcome of an event that
 * has it.
 *
 * @param name name of the property in Mixpanel
 */
export function acceptedContainer(
  name: string,
  value: unknown,
  notes: NoteTaker,
): { readonly value: unknown } | Extract<MappingResult, { outcome: 'dead' }> {
  const shape = shapeOf(value);
  if (shape.longString) notes.taken.longStrings.push(name);
  if (shape.depth > deepestFlattened) {
    return dead('too_deep', `property ${shown(name)} nests deeper than ${deepestFlattened} levels`);
  }
  const deep = shape.depth > importLimits.depth;
  if (deep) notes.taken.flattened.push(name);
  const fits = !deep && !shape.nonFinite && shape.widest < importLimits.elementsBelow;
  const flattened = fits ? { value } : flatten(value);
  if ('value' in flattened) return flattened;
  return dead(flattened.refused, `property ${shown(name)} ${tooBig[flattened.refused]}`);
}

const tooBig = {
  too_many_properties: `has an object or array of ${importLimits.elementsBelow} or more elements, which Mixpanel rejects`,
  too_large: `has ${importLimits.eventBytesBelow} or more bytes once flattened, which Mixpanel rejects`,
};
