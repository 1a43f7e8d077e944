/** Canvases, with the variants and steps that users were seen to enter. */
import { seeVariation, type Variation } from './campaigns.ts';
import type { MessageEvent } from './channels.ts';
import { DailyCounts } from './daily-counts.ts';
import { type Emitted, shortText } from './emitted.ts';
import { type Entry, Registry, touch } from './registry.ts';

export interface Step {
  readonly name: string;
  /** Removed from the Canvas: its numbers remain. */
  deleted: boolean;
  /** By message variation ID. */
  readonly variations: Map<string, Variation>;
}

export interface Canvas extends Entry {
  /** Names of the variants, by ID. */
  readonly variants: Map<string, string>;
  readonly steps: Map<string, Step>;
  readonly counts: DailyCounts;
}

export type Canvases = Registry<Canvas>;

/** @param now milliseconds since 1970. */
export function createCanvases(now: () => number): Canvases {
  return new Registry(now, entry => ({
    ...{ ...entry, variants: new Map(), steps: new Map(), counts: new DailyCounts() },
  }));
}

/** Registers the Canvas of an event, its variant and its step; undefined for an event without a Canvas. */
export function seeCanvas(
  canvases: Canvases,
  { eventType, properties, time }: Emitted,
  message: MessageEvent | undefined,
): Canvas | undefined {
  const id = shortText(properties.canvas_id);
  const canvas = id === undefined ? undefined : canvases.seen(id, properties.canvas_name);
  if (canvas === undefined) return undefined;
  if (eventType === 'users.canvas.Entry') touch(canvas, time);
  const variant = shortText(properties.canvas_variation_id);
  if (variant !== undefined && !canvas.variants.has(variant))
    canvas.variants.set(
      variant,
      shortText(properties.canvas_variation_name) ?? `Variant ${canvas.variants.size + 1}`,
    );
  const stepId = shortText(properties.canvas_step_id);
  if (stepId === undefined) return canvas;
  const named = shortText(properties.canvas_step_name) ?? `Step ${canvas.steps.size + 1}`;
  const step = canvas.steps.get(stepId) ?? { name: named, deleted: false, variations: new Map() };
  canvas.steps.set(stepId, step);
  const variation = shortText(properties.message_variation_id);
  if (message && variation !== undefined) seeVariation(step.variations, variation, message, properties);
  return canvas;
}
