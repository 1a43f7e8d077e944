/**
 * Braze's own analytics of a workspace: what was emitted, whether or not a Current sent it. Invariant: a Current
 * that is paused, disabled or failing changes no number here.
 */
import { isRecord } from '@braze-mixpanel/simulator-kit';
import { type Campaign, type Campaigns, createCampaigns, seeCampaign } from './campaigns.ts';
import { type Canvases, createCanvases, seeCanvas } from './canvases.ts';
import { type MessageEvent, messageEventOf } from './channels.ts';
import { CompanyTime } from './company-time.ts';
import { countConversion, countMessage, countRecipient } from './count-messages.ts';
import { type Emitted, readEmitted, shortText } from './emitted.ts';
import {
  readCampaign,
  readCanvas,
  type ShownCanvas,
  type StoredCampaign,
  shownCanvas,
  storedCampaign,
} from './shown-entries.ts';

interface AnalyticsState {
  readonly campaigns?: readonly StoredCampaign[] | undefined;
  readonly canvases?: readonly ShownCanvas[] | undefined;
}

export class Analytics {
  readonly campaigns: Campaigns;
  readonly canvases: Canvases;
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
      canvases: this.canvases.all().map(shownCanvas),
    };
  }

  /** Adds what a state has, to empty analytics. */
  restore({ campaigns = [], canvases = [] }: AnalyticsState): void {
    for (const campaign of campaigns) this.campaigns.restore(readCampaign(campaign));
    for (const canvas of canvases) this.canvases.restore(readCanvas(canvas));
  }

  clear(): void {
    this.campaigns.clear();
    this.canvases.clear();
  }

  #count(event: unknown): void {
    const emitted = readEmitted(event, this.#now());
    if (!emitted) return;
    const message = messageEventOf(emitted);
    const day = this.time.dayOf(emitted.time);
    const campaign = seeCampaign(this.campaigns, emitted, message);
    if (campaign) this.#countInCampaign(campaign, day, emitted, message);
    seeCanvas(this.canvases, emitted, message);
  }

  #countInCampaign(
    campaign: Campaign,
    day: number,
    emitted: Emitted,
    message: MessageEvent | undefined,
  ): void {
    const { counts, lastAt = emitted.time } = campaign;
    if (message) countMessage(counts, day, emitted, message);
    if (message?.received) countRecipient(counts, day, emitted);
    if (emitted.eventType === 'users.campaigns.Conversion')
      countConversion(counts, day, this.time.dayOf(lastAt), emitted);
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
