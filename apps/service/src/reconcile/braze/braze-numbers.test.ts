import { describe, expect, it } from 'vitest';
import { readConfig } from '../../config/read-config.ts';
import { NotRead, type ReadAnalytics } from '../../vendor-http/braze-analytics.ts';
import { brazeNumbers, periodOf } from './braze-numbers.ts';
import { readSend } from './read-messages.ts';
import type { WasReceived } from './series-of-names.ts';

type Answers = Readonly<Record<string, (query: Record<string, string | number>) => unknown>>;

const daysOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, day) => `2026-01-${String(first + day).padStart(2, '0')}`);
const empty: Answers = {
  '/campaigns/list': () => ({ campaigns: [] }),
  '/canvas/list': () => ({ canvases: [] }),
  '/events/list': () => ({ events: [] }),
  '/purchases/quantity_series': () => ({ data: [] }),
};

/** Braze's numbers from a Braze that answers so; `requests` has each path with its query. */
async function numbersOf(
  answers: Answers,
  { days = daysOf(1, 3), environment = {}, wasReceived = (() => false) as WasReceived } = {},
) {
  const connection = readConfig({ environment: { MIXPANEL_TOKEN: 'a'.repeat(32), ...environment } })
    .connections[0]!;
  const requests: string[] = [];
  const client: ReadAnalytics = async (path, query, schema) => {
    requests.push(`${path}?${new URLSearchParams(query as Record<string, string>)}`);
    return schema.parse({ ...empty, ...answers }[path]!(query));
  };
  const period = periodOf(connection, days);
  return { numbers: await brazeNumbers(connection, { period, client, wasReceived }), requests };
}

const sent = (day: string, count: number, channel = 'email') => ({
  time: day,
  messages: { [channel]: [{ sent: count }] },
});

describe('the numbers of campaigns', () => {
  it('are those of all variations of all channels of push', async () => {
    const push = ['ios_push', 'apple_push', 'android_push', 'kindle_push', 'web_push'];
    const { numbers } = await numbersOf({
      '/campaigns/list': () => ({ campaigns: [{ id: 'c1' }] }),
      '/campaigns/data_series': () => ({
        data: [
          {
            time: '2026-01-02',
            messages: Object.fromEntries(push.map(each => [each, [{ sent: 1 }, { sent: 2 }]])),
          },
        ],
      }),
    });
    expect(numbers.of('Push Notification Send', '2026-01-02').braze).toEqual({ events: 15 });
    expect(numbers.of('Push Notification Send', '2026-01-03').braze).toEqual({ events: 0 });
  });

  it('are read from a second page after one of exactly a hundred, and once where pages overlap', async () => {
    const page = (first: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ id: `c${first + index}`, name: 'C' }));
    const { numbers, requests } = await numbersOf({
      '/campaigns/list': ({ page: number }) => ({ campaigns: number === 0 ? page(0, 100) : page(99, 1) }),
      '/campaigns/data_series': () => ({ data: [sent('2026-01-01', 1)] }),
    });
    expect(numbers.of('Email Send', '2026-01-01').braze).toEqual({ events: 100 });
    expect(requests.filter(request => request.startsWith('/campaigns/list'))).toEqual([
      '/campaigns/list?page=0&include_archived=true',
      '/campaigns/list?page=1&include_archived=true',
    ]);
  });

  it('end at noon of the company, so that a day of a zone with three quarters of an hour is meant', async () => {
    const { requests } = await numbersOf(
      {
        '/campaigns/list': () => ({ campaigns: [{ id: 'c1' }] }),
        '/campaigns/data_series': () => ({ data: [] }),
      },
      { environment: { BRAZE_TIMEZONE: 'Asia/Kathmandu' } },
    );
    expect(requests).toContain(
      `/campaigns/data_series?campaign_id=c1&length=3&ending_at=${encodeURIComponent('2026-01-03T06:15:00.000Z')}`,
    );
  });

  const gone: Answers = {
    '/campaigns/data_series': ({ campaign_id: id }) => {
      if (id === 'c2') throw new NotRead('Braze returned 400 "Invalid Campaign ID".', { isUnknown: true });
      return { data: [sent('2026-01-01', 7)] };
    },
  };

  it('leave out a campaign that was deleted after it was listed', async () => {
    let lists = 0;
    const { numbers } = await numbersOf({
      ...gone,
      '/campaigns/list': () => {
        lists += 1;
        return { campaigns: [{ id: 'c1' }, ...(lists === 1 ? [{ id: 'c2', name: 'Sale' }] : [])] };
      },
    });
    expect(numbers.of('Email Send', '2026-01-01').braze).toEqual({ events: 7 });
    expect(numbers.gone).toEqual(['Sale']);
  });

  it('are not known where Braze refuses a campaign that it still lists', async () => {
    const { numbers } = await numbersOf({
      ...gone,
      '/campaigns/list': () => ({ campaigns: [{ id: 'c1' }, { id: 'c2' }] }),
    });
    const why = { notKnown: 'Braze returned 400 "Invalid Campaign ID".' };
    expect(numbers.of('Email Send', '2026-01-01').braze).toEqual(why);
    expect(numbers.of('Campaign Conversion Event', '2026-01-01').braze).toEqual(why);
    expect(numbers.of('Canvas Entry', '2026-01-01').braze).toEqual({ events: 0 });
  });
});

describe('the numbers of Canvases', () => {
  const canvasOf = (stats: (days: string[]) => unknown[]): Answers => ({
    '/canvas/list': () => ({ canvases: [{ id: 'k1', name: 'Journey' }] }),
    '/canvas/data_series': ({ length, ending_at }) => {
      const last = Number(String(ending_at).slice(8, 10));
      return { data: { stats: stats(daysOf(last - Number(length) + 1, Number(length))) } };
    },
  });

  it('count messages of steps and entries of the Canvas once each', async () => {
    const { numbers } = await numbersOf(
      canvasOf(days =>
        days.map(time => ({
          time,
          total_stats: { entries: 3, conversions: 1, conversions1: 2 },
          variant_stats: { a: { entries: 3 } },
          step_stats: {
            s1: { conversions: 1, messages: { email: [{ sent: 2 }], sms: [{ sent: 4 }] } },
            s2: { messages: { email: [{ sent: 5 }] } },
          },
        })),
      ),
    );
    const at = (event: string) => numbers.of(event, '2026-01-02');
    expect(at('Email Send').braze).toEqual({ events: 7 });
    expect(at('SMS Send').braze).toEqual({ events: 4 });
    expect(at('Canvas Entry')).toMatchObject({ braze: { events: 3 }, countsUsers: true });
    expect(at('Canvas Conversion Event').braze).toEqual({ events: 3 });
  });

  it('count a day once that two requests of fourteen days have', async () => {
    const days = daysOf(1, 20);
    const { numbers, requests } = await numbersOf(
      canvasOf(part => {
        const before = daysOf(Number(part[0]!.slice(8)) - 1, 1);
        return [...before, ...part].map(time => ({ time, total_stats: { entries: 1 } }));
      }),
      { days },
    );
    expect(days.map(day => numbers.of('Canvas Entry', day).braze)).toEqual(days.map(() => ({ events: 1 })));
    expect(requests.filter(request => request.startsWith('/canvas/data_series'))).toHaveLength(2);
  });
});

describe('the number of an event type with several names in Mixpanel', () => {
  const answers: Answers = {
    '/campaigns/list': () => ({ campaigns: [{ id: 'c1' }] }),
    '/campaigns/data_series': () => ({ data: [{ time: '2026-01-01', conversions: 4 }] }),
  };
  const names = ['Campaign Conversion Event', 'Campaign Conversion', 'Converted'];
  const environment = { CURRENTS_NAMES: '{"Campaign Conversion Event":"Converted"}' };
  const read = async (received: readonly string[], settings = {}) => {
    const wasReceived: WasReceived = event => received.includes(event);
    const { numbers } = await numbersOf(answers, { environment: settings, wasReceived });
    return names.map(name => numbers.of(name, '2026-01-01').braze);
  };
  const other = (name: string) => ({ notComparable: `Braze counts these events as those of ${name}.` });

  it('belongs to the name of the present catalogue version, or to that of CURRENTS_NAMES', async () => {
    const [first, second] = names as [string, string];
    expect((await read([])).slice(0, 2)).toEqual([{ events: 4 }, other(first)]);
    const newest = { CURRENTS_GENERATION: '2026-07' };
    expect((await read([], newest)).slice(0, 2)).toEqual([other(second), { events: 4 }]);
    expect(await read([], environment)).toEqual([other('Converted'), other('Converted'), { events: 4 }]);
  });

  it('belongs to the name under which the events of the day came', async () => {
    expect(await read(['Campaign Conversion'], environment)).toEqual([
      other('Campaign Conversion'),
      { events: 4 },
      other('Campaign Conversion'),
    ]);
  });

  it('is not comparable on a day on which they came under two names', async () => {
    const together = {
      notComparable:
        'Braze counts these events together, which came as Converted and Campaign Conversion Event.',
    };
    const found = await read(['Converted', 'Campaign Conversion Event'], environment);
    expect([found[0], found[2]]).toEqual([together, together]);
  });
});

it('The numbers of a send are those of the days of the report, where the answer has the day before, too', async () => {
  const connection = readConfig({ environment: { MIXPANEL_TOKEN: 'a'.repeat(32) } }).connections[0]!;
  const client: ReadAnalytics = async (_path, _query, schema) =>
    schema.parse({ data: [sent('2025-12-31', 5), sent('2026-01-01', 7)] });
  const send = { campaign_id: 'api', send_id: 'one' };
  const numbers = await readSend(client, send, periodOf(connection, daysOf(1, 3)));
  expect(numbers.total('email sent')).toBe(7);
});

describe('the numbers of custom events', () => {
  it('are read from a second page of names after one of exactly 250, on the day that a time with hours has', async () => {
    const page = (first: number, count: number) =>
      Array.from({ length: count }, (_, index) => `Event ${first + index}`);
    const { numbers, requests } = await numbersOf({
      '/events/list': ({ page: number }) => ({ events: number === 0 ? page(0, 250) : page(250, 1) }),
      '/events/data_series': ({ event }) => ({
        data: [{ time: '2026-01-02T00:00:00+05:30', count: event === 'Event 250' ? 3 : 0 }],
      }),
    });
    expect(numbers.names).toHaveLength(251);
    const last = numbers.names.at(-1)!;
    expect(['2026-01-01', '2026-01-02'].map(day => numbers.of(last, day).braze)).toEqual([
      { events: 0 },
      { events: 3 },
    ]);
    expect(requests.filter(request => request.startsWith('/events/list'))).toHaveLength(2);
  });
});
