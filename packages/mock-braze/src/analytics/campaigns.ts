/** Campaigns, and the messages that they were seen to send. */
import type { Channel, MessageEvent } from './channels.ts';
import { DailyCounts } from './daily-counts.ts';
import { type Emitted, shortText } from './emitted.ts';
import { type Entry, Registry, touch } from './registry.ts';
import type { Sends } from './sends.ts';

export interface Variation {
  readonly channel: Channel;
  readonly name: string;
}

export interface Campaign extends Entry {
  apiCampaign: boolean;
  /** By message variation ID. */
  readonly variations: Map<string, Variation>;
  readonly counts: DailyCounts;
  /** Of an API campaign alone. */
  readonly sends: Sends;
}

export type Campaigns = Registry<Campaign>;

/** @param now milliseconds since 1970. */
export function createCampaigns(now: () => number): Campaigns {
  return new Registry(now, entry => ({
    ...{ ...entry, apiCampaign: false, variations: new Map(), counts: new DailyCounts(), sends: new Map() },
  }));
}

/** Registers the campaign of an event; undefined for an event without one. */
export function seeCampaign(
  campaigns: Campaigns,
  { properties, time }: Emitted,
  message: MessageEvent | undefined,
): Campaign | undefined {
  const id = shortText(properties.campaign_id);
  const campaign = id === undefined ? undefined : campaigns.seen(id, properties.campaign_name);
  if (campaign === undefined || message === undefined) return campaign;
  if (message.received) touch(campaign, time);
  const variation = shortText(properties.message_variation_id);
  if (variation !== undefined) seeVariation(campaign.variations, variation, message, properties);
  return campaign;
}

/** Adds a message variation; its name is that of the event, or else its number. */
export function seeVariation(
  variations: Map<string, Variation>,
  id: string,
  { channel }: MessageEvent,
  { message_variation_name: name }: Emitted['properties'],
): void {
  if (variations.has(id)) return;
  const numbered = `Variation ${variations.size + 1}`;
  variations.set(id, { channel, name: shortText(name) ?? numbered });
}

/** The channels of messages, each once. */
export function channelsOf(variations: Iterable<Variation>): Channel[] {
  return [...new Set(Array.from(variations, ({ channel }) => channel))];
}
