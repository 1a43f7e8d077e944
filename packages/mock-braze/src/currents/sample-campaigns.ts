/** Sample events of a few campaigns and Canvases, as a real workspace has, so that analytics have numbers worth a comparison. */
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { seededUuid } from '@braze-mixpanel/core/random';
import { createRandom } from '@braze-mixpanel/simulator-kit';
import { hashOf } from '../analytics/distinct-count.ts';

/** Fields of an event, and the name of the message of which it is, without its channel. */
interface Origin {
  readonly fields: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Names of the first ones; the others have their number. */
const campaignNames = ['Welcome series', 'Cart reminder', 'Spring sale'];
const canvasNames = ['Onboarding', 'Win-back', 'Trial to paid'];

/** Number of campaigns, and of Canvases, of sample events by default. */
export const defaultCampaigns = 3;

/**
 * The events with IDs and names of `count` campaigns and as many Canvases, where they have such fields. The ID of an
 * event decides which, and the IDs of campaigns and Canvases are the same every time. An ID has one name, and a message
 * variation one channel.
 */
export function ofCampaigns(events: readonly CurrentsEvent[], count = defaultCampaigns): CurrentsEvent[] {
  const each = (origins: (number: number) => Origin[]) =>
    Array.from({ length: count }, (_, index) => origins(index + 1)).flat();
  const campaigns = each(campaignOrigins);
  const canvases = each(canvasOrigins);
  const variations = new Map<string, string>();
  const variationOf = (message: string) => {
    const id = variations.get(message) ?? idOf(message);
    variations.set(message, id);
    return id;
  };
  return events.map(event => {
    const { properties } = event;
    const origins = 'canvas_id' in properties ? canvases : campaigns;
    const { fields, message } = origins[hashOf(event.id) % origins.length]!;
    const message_variation_id = variationOf(`${message}, ${channelOf(event)}`);
    const known = Object.entries({ ...fields, message_variation_id }).filter(([name]) => name in properties);
    return { ...event, properties: { ...properties, ...Object.fromEntries(known) } };
  });
}

/** Push messages have one for each platform. */
function channelOf({ event_type, properties: { platform } }: CurrentsEvent): string {
  const [, channel = 'email'] = /^users\.messages\.(\w+)/.exec(event_type) ?? [];
  return channel === 'pushnotification' ? `${channel} ${platform}` : channel;
}

/** The two message variations of a campaign. */
function campaignOrigins(number: number): Origin[] {
  const name = campaignNames[number - 1] ?? `Campaign ${number}`;
  return ['Variant 1', 'Variant 2'].map(variation => ({
    fields: {
      ...{ campaign_id: idOf(name), campaign_name: name, message_variation_name: variation },
      send_id: idOf(`${name}, send`),
    },
    message: `${name}, ${variation}`,
  }));
}

/** The two variants of a Canvas, each at three steps with one message. */
function canvasOrigins(number: number): Origin[] {
  const name = canvasNames[number - 1] ?? `Canvas ${number}`;
  return ['Path 1', 'Path 2'].flatMap(path =>
    ['Day 1', 'Day 3', 'Day 7'].map(step => ({
      fields: {
        ...{ canvas_id: idOf(name), canvas_name: name },
        ...{ canvas_variation_id: idOf(`${name}, ${path}`), canvas_variation_name: path },
        ...{ canvas_step_id: idOf(`${name}, ${step}`), canvas_step_name: step },
        ...{ message_variation_name: step, send_id: idOf(`${name}, ${step}, send`) },
      },
      message: `${name}, ${step}`,
    })),
  );
}

const idOf = (name: string) => seededUuid(createRandom(name));
