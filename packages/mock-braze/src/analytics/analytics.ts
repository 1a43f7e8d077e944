/**
 * Braze's own analytics of a workspace: what was emitted, whether or not a Current sent it. Invariant: a Current
 * that is paused, disabled or failing changes no number here.
 */
import { isRecord } from '@braze-mixpanel/simulator-kit';
import { type Campaigns, createCampaigns, seeCampaign } from './campaigns.ts';
import { type Canvases, createCanvases, seeCanvas } from './canvases.ts';
import { messageEventOf } from './channels.ts';
import { readEmitted, shortText } from './emitted.ts';
import {
  readCampaign,
  readCanvas,
  type ShownCampaign,
  type ShownCanvas,
  shownCampaign,
  shownCanvas,
} from './shown-entries.ts';

interface AnalyticsState {
  readonly campaigns?: readonly ShownCampaign[] | undefined;
  readonly canvases?: readonly ShownCanvas[] | undefined;
}

export class Analytics {
  readonly campaigns: Campaigns;
  readonly canvases: Canvases;
  readonly #now: () => number;

  /** @param now time of the simulation clock, in milliseconds since 1970. */
  constructor(now: () => number) {
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
      campaigns: this.campaigns.all().map(shownCampaign),
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
    seeCampaign(this.campaigns, emitted, message);
    seeCanvas(this.canvases, emitted, message);
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
