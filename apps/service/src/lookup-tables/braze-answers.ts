import { z } from 'zod';
import type { Details, Entry } from './entry.ts';

const text = z.string().nullish();
const texts = z
  .array(z.string())
  .nullish()
  .transform(each => each ?? []);
const idPattern = /^[^\p{Cc}\p{Cs}]{1,255}$/u;
/** An ID that can be a key of storage and of a table. */
const id = z.string().regex(idPattern);
const flag = z
  .boolean()
  .nullish()
  .transform(each => each ?? false);

const name = text.transform(each => each ?? '');
const listed = z.looseObject({ id, name, tags: texts, last_edited: text });
const messages = z
  .record(z.string(), z.looseObject({ channel: text, name: text }))
  .nullish()
  .transform(each => each ?? {});

const campaign = z
  .looseObject({ archived: flag, channels: texts, first_sent: text, last_sent: text, messages })
  .transform(({ archived, channels, ...given }): Details => {
    const named = messagesOf(given.messages);
    return {
      ...{ archived, channels, variations: namesOf(named), messages: named, steps: {} },
      ...{ firstSent: given.first_sent ?? null, lastSent: given.last_sent ?? null },
    };
  });

const canvas = z
  .looseObject({
    ...{ archived: flag, channels: texts, first_entry: text, last_entry: text },
    variants: z.array(z.looseObject({ name: text })).nullish(),
    steps: z.array(z.looseObject({ id, name: text, channels: texts, messages })).nullish(),
  })
  .transform(({ archived, channels, ...given }): Details => {
    const steps = (given.steps ?? []).map(step => {
      const named = messagesOf(step.messages, step.name ?? '');
      return { ...step, name: step.name ?? '', messages: named, variations: namesOf(named) };
    });
    return {
      ...{ archived, channels },
      variations: (given.variants ?? []).flatMap(({ name }) => name || []),
      ...{ firstSent: given.first_entry ?? null, lastSent: given.last_entry ?? null },
      messages: Object.assign({}, ...steps.map(step => step.messages)) as Entry['messages'],
      steps: Object.fromEntries(
        steps.map(({ id: own, name, channels: ownChannels, variations }) => [
          ...([own, { name, channels: ownChannels, variations }] as const),
        ]),
      ),
    };
  });

/** The messages by ID. One without a name has the name of its step. */
const messagesOf = (given: z.output<typeof messages>, step = ''): Entry['messages'] =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([own]) => idPattern.test(own))
      .map(([own, { name, channel }]) => [own, { name: name || step, channel: channel ?? '' }]),
  );

const namesOf = (named: Entry['messages']): string[] => [
  ...new Set(Object.values(named).flatMap(({ name }) => name || [])),
];

/**
 * The routes of Braze for campaigns and for Canvases, with the parts of their answers that are read.
 *
 * Source: Braze documentation, GET /campaigns/list, /campaigns/details, /canvas/list and /canvas/details, 2026.
 */
export const brazeRoutes = {
  campaign: {
    list: '/campaigns/list',
    listAnswer: z.looseObject({ campaigns: z.array(listed) }).transform(answer => answer.campaigns),
    details: '/campaigns/details',
    parameter: 'campaign_id',
    detailsAnswer: campaign,
  },
  canvas: {
    list: '/canvas/list',
    listAnswer: z.looseObject({ canvases: z.array(listed) }).transform(answer => answer.canvases),
    details: '/canvas/details',
    parameter: 'canvas_id',
    detailsAnswer: canvas,
  },
} as const;
