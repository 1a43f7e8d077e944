/** Campaigns and Canvases as JSON, for the control API and `/_sim/state`. Times are ISO 8601. */
import { z } from 'zod';
import type { Campaign, Variation } from './campaigns.ts';
import type { Canvas, Step } from './canvases.ts';
import { type Channel, statisticsOf } from './channels.ts';
import { countsSchema, DailyCounts } from './daily-counts.ts';
import type { Entry } from './registry.ts';

const time = z.iso.datetime();
const id = z.string().min(1).max(255);

const entryFields = {
  id,
  name: id,
  description: z.string(),
  tags: z.array(z.string().min(1)),
  archived: z.boolean(),
  enabled: z.boolean(),
  deleted: z.boolean(),
  created_at: time,
  updated_at: time,
  /** The name that Currents send before `until`; null if events keep the name that they were emitted with. */
  in_currents: z.strictObject({ name: z.string().nullable(), until: time }).nullable(),
};

const variationSchema = z.strictObject({
  id,
  channel: z.enum(Object.keys(statisticsOf) as [Channel, ...Channel[]]),
  name: z.string(),
});

export const campaignSchema = z.strictObject({
  ...entryFields,
  is_api_campaign: z.boolean(),
  first_sent: time.nullable(),
  last_sent: time.nullable(),
  variations: z.array(variationSchema),
});
export type ShownCampaign = z.output<typeof campaignSchema>;

/** With the numbers, which only the state has. */
export const storedCampaignSchema = campaignSchema.extend({
  counts: countsSchema.default([]),
  sends: z.array(z.strictObject({ send_id: id, sent_at: time, counts: countsSchema })).default([]),
});
export type StoredCampaign = z.output<typeof storedCampaignSchema>;

export const canvasSchema = z.strictObject({
  ...entryFields,
  first_entry: time.nullable(),
  last_entry: time.nullable(),
  variants: z.array(z.strictObject({ id, name: z.string() })),
  steps: z.array(
    z.strictObject({ id, name: z.string(), deleted: z.boolean(), variations: z.array(variationSchema) }),
  ),
});
export type ShownCanvas = z.output<typeof canvasSchema>;

export const storedCanvasSchema = canvasSchema.extend({ counts: countsSchema.default([]) });
export type StoredCanvas = z.output<typeof storedCanvasSchema>;

export function shownCampaign(campaign: Campaign): ShownCampaign {
  return {
    ...shownEntry(campaign),
    is_api_campaign: campaign.apiCampaign,
    first_sent: shownTime(campaign.firstAt),
    last_sent: shownTime(campaign.lastAt),
    variations: shownVariations(campaign.variations),
  };
}

export function storedCampaign(campaign: Campaign): StoredCampaign {
  return {
    ...shownCampaign(campaign),
    counts: campaign.counts.shown(),
    sends: Array.from(campaign.sends, ([send_id, { sentAt, counts }]) => ({
      ...{ send_id, sent_at: new Date(sentAt).toISOString(), counts: counts.shown() },
    })),
  };
}

export function readCampaign(shown: StoredCampaign): Campaign {
  return {
    ...readEntry(shown, shown.first_sent, shown.last_sent),
    apiCampaign: shown.is_api_campaign,
    variations: readVariations(shown.variations),
    counts: DailyCounts.read(shown.counts),
    sends: new Map(
      shown.sends.map(({ send_id, sent_at, counts }) => [
        ...([send_id, { sentAt: Date.parse(sent_at), counts: DailyCounts.read(counts) }] as const),
      ]),
    ),
  };
}

export function shownCanvas(canvas: Canvas): ShownCanvas {
  return {
    ...shownEntry(canvas),
    first_entry: shownTime(canvas.firstAt),
    last_entry: shownTime(canvas.lastAt),
    variants: Array.from(canvas.variants, ([id, name]) => ({ id, name })),
    steps: Array.from(canvas.steps, ([id, { name, deleted, variations }]) => ({
      ...{ id, name, deleted, variations: shownVariations(variations) },
    })),
  };
}

export function storedCanvas(canvas: Canvas): StoredCanvas {
  return { ...shownCanvas(canvas), counts: canvas.counts.shown() };
}

export function readCanvas(shown: StoredCanvas): Canvas {
  return {
    ...readEntry(shown, shown.first_entry, shown.last_entry),
    counts: DailyCounts.read(shown.counts),
    variants: new Map(shown.variants.map(({ id, name }) => [id, name])),
    steps: new Map(
      shown.steps.map(({ id, name, deleted, variations }): [string, Step] => [
        ...([id, { name, deleted, variations: readVariations(variations) }] as const),
      ]),
    ),
  };
}

function shownEntry(entry: Entry) {
  const { id, name, description, tags, archived, enabled, deleted, createdAt, updatedAt, inCurrents } = entry;
  return {
    ...{ id, name, description, tags: [...tags], archived, enabled, deleted },
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    in_currents: inCurrents ? { ...inCurrents, until: new Date(inCurrents.until).toISOString() } : null,
  };
}

function readEntry(shown: ShownCampaign | ShownCanvas, first: string | null, last: string | null): Entry {
  const { id, name, description, tags, archived, enabled, deleted, in_currents } = shown;
  return {
    ...{ id, name, description, tags, archived, enabled, deleted },
    createdAt: Date.parse(shown.created_at),
    updatedAt: Date.parse(shown.updated_at),
    firstAt: first === null ? undefined : Date.parse(first),
    lastAt: last === null ? undefined : Date.parse(last),
    inCurrents: in_currents ? { ...in_currents, until: Date.parse(in_currents.until) } : undefined,
  };
}

function shownTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}

function shownVariations(variations: ReadonlyMap<string, Variation>) {
  return Array.from(variations, ([id, { channel, name }]) => ({ id, channel, name }));
}

function readVariations(shown: readonly z.output<typeof variationSchema>[]): Map<string, Variation> {
  return new Map(shown.map(({ id, channel, name }) => [id, { channel, name }]));
}
