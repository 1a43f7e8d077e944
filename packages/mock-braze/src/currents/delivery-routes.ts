/** The routes `/_sim/deliveries`: the requests that the Currents sent. */
import {
  ControlInputError,
  controlRoutes,
  documented,
  respond,
  type SimRequest,
  withItem,
} from '@braze-mixpanel/simulator-kit';
import { z } from 'zod';
import type { ModelOf } from '../workspaces/workspaces.ts';
import type { KeptRequest } from './deliveries.ts';

const listed = {
  number: z.int(),
  at: z.string(),
  current: z.string(),
  eventType: z.string(),
  events: z.int(),
  url: z.string(),
  status: z.int().optional(),
  /** The reason why there was no answer. */
  error: z.string().optional(),
};
const listedSchema = z.object(listed);
const deliverySchema = z.object({
  ...listed,
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  answer: z.string().optional(),
});

/** Requests of a list, unless another number is given. */
const usual = 100;

export function deliveryControlRoutes(of: ModelOf) {
  return controlRoutes({
    'GET deliveries': documented(
      'The newest requests that the Currents sent, newest first; `event` gives those that have an event of this ID.',
      { 200: z.array(listedSchema) },
      {
        query: ['event', 'limit'],
        handle: request => {
          const event = request.query.get('event') ?? undefined;
          const found = of(request).currents.deliveries.list(event);
          return respond(200, found.slice(0, limitOf(request)).map(inList));
        },
      },
    ),
    'GET deliveries/accepted': documented(
      'The requests that each address accepted, and the events in them: of all Currents, deleted ones and test events included.',
      { 200: z.array(z.object({ url: z.string(), requests: z.int(), events: z.int() })) },
      request => respond(200, of(request).currents.deliveries.accepted()),
    ),
    'GET deliveries/:id': documented(
      'One of these requests, with its body and its answer.',
      { 200: deliverySchema },
      withItem('delivery', 'deliveries', (number, request) =>
        of(request).currents.deliveries.get(Number(number)),
      )(each => {
        const { headers, body } = each.request;
        return respond(200, {
          ...{ ...inList(each), headers, body },
          ...('body' in each.answer && { answer: each.answer.body }),
        });
      }),
    ),
  });
}

function inList({ number, at, current, eventType, events, request, answer }: KeptRequest) {
  return {
    ...{ number, at: new Date(at).toISOString(), current, eventType, events, url: request.url },
    ...('status' in answer ? { status: answer.status } : { error: answer.error }),
  };
}

function limitOf({ path, query }: SimRequest): number {
  const limit = query.get('limit') ?? String(usual);
  if (/^[1-9]\d{0,3}$/.test(limit)) return Number(limit);
  throw new ControlInputError(
    `"limit" must be a number of requests, not "${limit}". For example: ${path}?limit=20`,
  );
}
