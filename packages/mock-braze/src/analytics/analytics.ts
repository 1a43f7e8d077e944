/**
 * Braze's own analytics of a workspace: what was emitted, whether or not a Current sent it. Invariants: a Current
 * that is paused, disabled or failing changes no number here, and each event of a message counts once, in its
 * campaign or else in its Canvas.
 */
import { isRecord } from '@braze-mixpanel/simulator-kit';
import { type Campaigns, createCampaigns, seeCampaign } from './campaigns.ts';
import { type Canvases, createCanvases, seeCanvas } from './canvases.ts';
import { messageEventOf } from './channels.ts';
import { CompanyTime } from './company-time.ts';
import { countInCampaign } from './count-campaign.ts';
import { countInCanvas } from './count-canvas.ts';
import { type Emitted, readEmitted, shortText } from './emitted.ts';
import { type CutList, cutLists } from './lists.ts';
import { Occurrences, type ShownOccurrences } from './occurrences.ts';
import { seeSend } from './sends.ts';
import {
  readCampaign,
  readCanvas,
  type StoredCampaign,
  type StoredCanvas,
  storedCampaign,
  storedCanvas,
} from './shown-entries.ts';

interface AnalyticsState {
  readonly campaigns?: readonly StoredCampaign[] | undefined;
  readonly canvases?: readonly StoredCanvas[] | undefined;
  readonly cut_lists?: readonly CutList[] | undefined;
  readonly custom_events?: ShownOccurrences | undefined;
  readonly purchases?: ShownOccurrences | undefined;
}

export class Analytics {
  readonly campaigns: Campaigns;
  readonly canvases: Canvases;
  readonly customEvents = new Occurrences();
  /** By product. */
  readonly purchases = new Occurrences();
  readonly time: CompanyTime;
  readonly #now: () => number;

  /**
   * @param now time of the simulation clock, in milliseconds since 1970.
   * @param timeZone present time zone of the company. Days that were counted keep their numbers after a change.
   */
  constructor(now: () => number, timeZone: () => string) {
    this.time = new CompanyTime(timeZone);
    this.#now = now;
    this.campaigns = createCampaigns(now);
    this.canvases = createCanvases(now);
  }

  /**
   * Counts emitted events of any form, each once, and returns them as Currents send them: with the names that
   * the control API gave to their campaigns and Canvases.
   */
  take(events: readonly unknown[]): readonly unknown[] {
    for (const event of events) this.#count(event);
    if (!this.campaigns.renames && !this.canvases.renames) return events;
    return events.map(event => this.#named(event));
  }

  state() {
    return {
      campaigns: this.campaigns.all().map(storedCampaign),
      canvases: this.canvases.all().map(storedCanvas),
      cut_lists: cutLists.filter(list => this[list].isCut),
      custom_events: this.customEvents.shown(),
      purchases: this.purchases.shown(),
    };
  }

  /** Adds what a state has, to empty analytics. */
  restore(state: AnalyticsState): void {
    const { campaigns = [], canvases = [], cut_lists = [], custom_events = [], purchases = [] } = state;
    for (const campaign of campaigns) this.campaigns.restore(readCampaign(campaign));
    for (const canvas of canvases) this.canvases.restore(readCanvas(canvas));
    for (const list of cut_lists) this[list].restoreCut();
    this.customEvents.restore(custom_events);
    this.purchases.restore(purchases);
  }

  clear(): void {
    this.campaigns.clear();
    this.canvases.clear();
    this.customEvents.clear();
    this.purchases.clear();
  }

  #count(event: unknown): void {
    const now = this.#now();
    const emitted = readEmitted(event, now);
    if (!emitted) return;
    this.#countOccurrence(emitted);
    const message = messageEventOf(emitted);
    const campaign = seeCampaign(this.campaigns, emitted, message);
    if (campaign) {
      countInCampaign(campaign.counts, this.time, emitted, message, campaign.lastAt);
      const send = campaign.apiCampaign ? seeSend(campaign.sends, emitted, message, now) : undefined;
      if (send) countInCampaign(send.counts, this.time, emitted, message, send.sentAt);
    }
    const canvas = seeCanvas(this.canvases, emitted, message);
    // A message belongs to a campaign or to a Canvas: an event that names both counts once.
    if (canvas) countInCanvas(canvas, this.time, emitted, campaign ? undefined : message);
  }

  #countOccurrence({ eventType, properties: { name, product_id, price }, time }: Emitted): void {
    const customEvent = eventType === 'users.behaviors.CustomEvent' ? shortText(name) : undefined;
    const product = eventType === 'users.behaviors.Purchase' ? shortText(product_id) : undefined;
    if (customEvent !== undefined) this.customEvents.add(customEvent, this.time.hourOf(time));
    if (product !== undefined) this.purchases.add(product, this.time.hourOf(time), revenueOf(price));
  }

  #named(event: unknown): unknown {
    if (!isRecord(event) || !isRecord(event.properties)) return event;
    const { properties } = event;
    const campaign = this.campaigns.nameInCurrents(shortText(properties.campaign_id) ?? '');
    const canvas = this.canvases.nameInCurrents(shortText(properties.canvas_id) ?? '');
    if (campaign === undefined && canvas === undefined) return event;
    const names = {
      ...(campaign !== undefined && { campaign_name: campaign }),
      ...(canvas !== undefined && { canvas_name: canvas }),
    };
    return { ...event, properties: { ...properties, ...names } };
  }
}

/** A price; 0 for a value that is none, or too large for sums. */
function revenueOf(price: unknown): number {
  return typeof price === 'number' && Math.abs(price) <= 1e12 ? price : 0;
}
