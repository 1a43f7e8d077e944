import { importLimits } from './limits.ts';

/** Measures of one property's value that Mixpanel's limits depend on. */
export interface ValueShape {
  /** Nesting: a scalar is 0, a container one more than its deepest child. At most 65. */
  depth: number;
  /** Elements of the largest container within the value. */
  widest: number;
  /** Whether a string is longer than `importLimits.stringLength`, so that Mixpanel truncates it. */
  longString: boolean;
  /** Whether a number has no form in JSON (`1e400` is parsed as infinity). */
  nonFinite: boolean;
  /** Upper bound of the value's JSON text, in bytes. */
  bytesAtMost: number;
}

/** Deepest level that is measured: a value that nests deeper is rejected whatever it contains. */
const deepestMeasured = 64;

/**
 * Measures of any JSON value, to compare with {@link importLimits}. Not recursive, since JSON text of 100,000
 * bytes can nest as many levels; levels below the 64th are not measured.
 *
 * @example
 * ```ts
 * import { shapeOf } from '@braze-mixpanel/core/mixpanel';
 *
 * const { depth, widest } = shapeOf({ items: [1, 2, 3] });
 * console.log(depth, widest); // 2 3
 * ```
 */
export function shapeOf(value: unknown): ValueShape {
  const shape: ValueShape = { depth: 0, widest: 0, longString: false, nonFinite: false, bytesAtMost: 0 };
  if (typeof value !== 'object' || value === null) {
    measureScalar(value, shape);
    return shape;
  }
  let level: object[] = [value];
  while (level.length > 0 && shape.depth <= deepestMeasured) {
    shape.depth++;
    const below: object[] = [];
    for (const container of level) measureContainer(container, shape, below);
    level = below;
  }
  return shape;
}

/**
 * Nesting of a JSON value: a scalar is 0, a container one more than its deepest child; 65 for anything deeper
 * than 64.
 *
 * @example
 * ```ts
 * import { valueDepth } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(valueDepth('ada'), valueDepth({ a: { b: [] } })); // 0 3
 * ```
 */
export function valueDepth(value: unknown): number {
  return shapeOf(value).depth;
}

function measureContainer(container: object, shape: ValueShape, below: object[]): void {
  let elements = 0;
  if (Array.isArray(container)) {
    elements = container.length;
    for (const child of container) measureChild(child, shape, below);
  } else {
    for (const key of Object.keys(container)) {
      elements++;
      shape.bytesAtMost += textBytesAtMost(key);
      measureChild((container as Record<string, unknown>)[key], shape, below);
    }
  }
  if (elements > shape.widest) shape.widest = elements;
  shape.bytesAtMost += 2 + elements * 2;
}

function measureChild(child: unknown, shape: ValueShape, below: object[]): void {
  if (typeof child === 'object' && child !== null) below.push(child);
  else measureScalar(child, shape);
}

function measureScalar(value: unknown, shape: ValueShape): void {
  if (typeof value === 'string') {
    if (value.length > importLimits.stringLength) shape.longString = true;
    shape.bytesAtMost += textBytesAtMost(value);
    return;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) shape.nonFinite = true;
  shape.bytesAtMost += 25;
}

/** A UTF-16 code unit is at most six bytes of JSON text: `\u001f`. */
function textBytesAtMost(text: string): number {
  return text.length * 6 + 2;
}
