import { importLimits } from './limits.ts';

/** What Mixpanel's limits look at in one property's value. */
export interface ValueShape {
  /** A scalar is 0, a container one more than its deepest child. One more than `giveUpAt` when that was passed. */
  depth: number;
  /** Elements of the largest container within the value. */
  widest: number;
  /** A string is longer than Mixpanel keeps. */
  longString: boolean;
  /** A number that JSON has no text for (`1e400` is read as infinity). */
  nonFinite: boolean;
  /** The value's JSON text has at most this many bytes. */
  bytesAtMost: number;
}

/** Nothing is looked at below this depth: such a value is refused whatever else it holds. */
const giveUpAt = 64;

/** Measures any JSON value without recursion: JSON text nests 100,000 levels in as many bytes. */
export function shapeOf(value: unknown): ValueShape {
  const shape: ValueShape = { depth: 0, widest: 0, longString: false, nonFinite: false, bytesAtMost: 0 };
  if (typeof value !== 'object' || value === null) {
    measureScalar(value, shape);
    return shape;
  }
  let level: object[] = [value];
  while (level.length > 0 && shape.depth <= giveUpAt) {
    shape.depth++;
    const below: object[] = [];
    for (const container of level) measureContainer(container, shape, below);
    level = below;
  }
  return shape;
}

/** Nesting of a value: a scalar is 0, a container one more than its deepest child. Anything deeper than 64 answers 65. */
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

/** A UTF-16 code unit takes at most six bytes of JSON text: `\u001f`. */
function textBytesAtMost(text: string): number {
  return text.length * 6 + 2;
}
