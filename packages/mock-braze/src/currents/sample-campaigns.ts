/** Sample events of a few campaigns and Canvases, so that analytics have numbers worth a comparison. */
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { seededUuid } from '@braze-mixpanel/core/random';
import { createRandom } from '@braze-mixpanel/simulator-kit';
import { hashOf } from '../analytics/distinct-count.ts';

type Fields = Readonly<Record<string, string>>;

/**
 * The events with IDs and names of `count` campaigns and as many Canvases, where they have such fields. The ID of an
 * event decides which, and the IDs of campaigns and Canvases are the same every time.
 */
export function ofCampaigns(events: readonly CurrentsEvent[], count: number): CurrentsEvent[] {
  const each = <Item>(make: (number: number) => Item[]) =>
    Array.from({ length: count }, (_, index) => make(index + 1)).flat();
  const campaigns = each(campaignFields);
  const canvases = each(canvasFields);
  return events.map(event => {
    const { properties } = event;
    const of = 'canvas_id' in properties ? canvases : campaigns;
    const fields = of[hashOf(event.id) % of.length];
    const known = Object.entries(fields ?? {}).filter(([name]) => name in properties);
    return { ...event, properties: { ...properties, ...Object.fromEntries(known) } };
  });
}

/** The fields of the two message variations of a campaign. */
function campaignFields(number: number): Fields[] {
  const name = `Campaign ${number}`;
  return ['Variant 1', 'Variant 2'].map(variation => ({
    ...{ campaign_id: idOf(name), campaign_name: name },
    ...{ message_variation_id: idOf(`${name}, ${variation}`), message_variation_name: variation },
  }));
}

/** The fields of the two variants of a Canvas, each at three steps with one message. */
function canvasFields(number: number): Fields[] {
  const name = `Canvas ${number}`;
  return ['Path 1', 'Path 2'].flatMap(path =>
    ['Day 1', 'Day 3', 'Day 7'].map(step => ({
      ...{ canvas_id: idOf(name), canvas_name: name },
      ...{ canvas_variation_id: idOf(`${name}, ${path}`), canvas_variation_name: path },
      ...{ canvas_step_id: idOf(`${name}, ${step}`), canvas_step_name: step },
      ...{ message_variation_id: idOf(`${name}, ${step}, message`), message_variation_name: step },
    })),
  );
}

const idOf = (name: string) => seededUuid(createRandom(name));
