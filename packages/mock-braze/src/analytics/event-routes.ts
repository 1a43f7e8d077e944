/** The endpoints `/events/…` and `/purchases/…`: names and counts of custom events and purchases. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import type { MockBrazeModel } from '../model.ts';
import { rulesFrom } from '../sources.ts';
import type { Workspaces } from '../workspaces/workspaces.ts';
import { exportRoute } from './export-route.ts';
import { sharedLimit } from './lists.ts';
import { moment, ParameterError, requiredText, wholeNumber, word } from './parameters.ts';
import { companyDaysRule, countedOnce } from './series-rules.ts';

const eventName = 'event must be a string of the name of a custom event';

export function eventRoutes(workspaces: Workspaces): Route[] {
  return [
    exportRoute(workspaces, {
      ...{ path: '/events/list', permission: 'events.list', limit: 'events-and-products' },
      rules: [
        ...rulesFrom.eventsList('names of custom events in alphabetical order, 250 on a page'),
        ...productLimit,
      ],
      answer: ({ analytics }, query) => ({ events: pageOf(analytics.customEvents.names(), query) }),
    }),
    exportRoute(workspaces, {
      ...{ path: '/events/data_series', permission: 'events.data_series', limit: 'rest-shared' },
      rules: [
        ...rulesFrom.eventSeries('occurrences of one custom event'),
        ...occurrenceRules,
        ...sharedLimit,
      ],
      answer: (model, query) => {
        const name = requiredText(query, 'event', eventName);
        return seriesOf(model, query, (first, hours) => ({
          count: model.analytics.customEvents.in(name, first, hours).count,
        }));
      },
    }),
    exportRoute(workspaces, {
      ...{
        path: '/purchases/product_list',
        permission: 'purchases.product_list',
        limit: 'events-and-products',
      },
      rules: [
        ...rulesFrom.productList('names of products in pages'),
        ...rulesFrom.choice('products are in alphabetical order, 250 on a page'),
        ...productLimit,
      ],
      answer: ({ analytics }, query) => ({ products: pageOf(analytics.purchases.names(), query) }),
    }),
    ...purchaseSeries(workspaces),
  ];
}

function purchaseSeries(workspaces: Workspaces): Route[] {
  const rules = [
    ...rulesFrom.purchaseSeries('number and revenue of purchases, of all products or of `product`'),
    ...occurrenceRules,
    ...rulesFrom.choice('revenue is the sum of all prices, without exchange rates, to the hundredth'),
    ...productLimit,
  ];
  return [
    exportRoute(workspaces, {
      ...{ path: '/purchases/quantity_series', permission: 'purchases.quantity_series', rules },
      limit: 'events-and-products',
      answer: (model, query) =>
        seriesOf(model, query, (first, hours) => ({
          purchase_quantity: model.analytics.purchases.in(query.get('product') ?? undefined, first, hours)
            .count,
        })),
    }),
    exportRoute(workspaces, {
      ...{ path: '/purchases/revenue_series', permission: 'purchases.revenue_series', rules },
      limit: 'events-and-products',
      answer: (model, query) =>
        seriesOf(model, query, (first, hours) => {
          const { revenue } = model.analytics.purchases.in(query.get('product') ?? undefined, first, hours);
          return { revenue: Math.round(revenue * 100) / 100 };
        }),
    }),
  ];
}

const occurrenceRules = [
  ...rulesFrom.eventSeries(
    '`length` of 1 to 100 days, or hours if `unit` is hour, that end with `ending_at`',
  ),
  ...companyDaysRule,
  ...countedOnce,
  ...rulesFrom.choice(
    'hours are those of the company, with its offset from UTC; an hour that clocks repeat is one',
    'a name that never occurred has a series of 0; the first 10,000 names are kept',
    '`app_id` and `segment_id` are refused: all apps and users are counted together',
  ),
];

const productLimit = rulesFrom.purchaseSeries.against(
  'rateLimits',
  '1,000 requests an hour, shared by the lists of events and products and the series of purchases, then 429 (off until enabled)',
);

/** Names on a page. */
const pageSize = 250;

function pageOf(names: readonly string[], query: URLSearchParams): string[] {
  const page = wholeNumber(query, 'page', [0, Number.MAX_SAFE_INTEGER], 0);
  return names.slice(page * pageSize, (page + 1) * pageSize);
}

/** The days or hours of a request, with what occurred in their hours. @throws ParameterError */
function seriesOf(
  { analytics: { time }, nowSeconds }: MockBrazeModel,
  query: URLSearchParams,
  occurred: (firstHour: number, hours: number) => object,
): { data: object[] } {
  const length = wholeNumber(query, 'length', [1, 100]);
  const unit = word(query, 'unit', ['day', 'hour']);
  for (const name of ['app_id', 'segment_id'])
    if (query.has(name)) throw new ParameterError(`${name} is not supported by this simulator`);
  const ending = moment(query, 'ending_at') ?? nowSeconds * 1_000;
  const [hours, last] = unit === 'hour' ? [1, time.hourOf(ending)] : [24, time.dayOf(ending) * 24];
  const data = Array.from({ length }, (_, index) => {
    const first = last - (length - 1 - index) * hours;
    const shown = time.shownHour(first);
    return { time: unit === 'hour' ? shown : shown.slice(0, 10), ...occurred(first, hours) };
  });
  return { data };
}
