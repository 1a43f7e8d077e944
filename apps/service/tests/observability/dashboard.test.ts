import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/observability/metrics/catalogue.ts';
import { dashboard } from '../../src/observability/metrics/dashboard.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { describeWithPromtool, Scrapes } from '../../src/testing/prometheus.ts';
import { Scrape } from '../../src/testing/scrape.ts';

const minuteMs = 60_000;
const queries = dashboard().panels.flatMap(panel =>
  'targets' in panel ? panel.targets.map(({ expr }) => expr) : [],
);

/** Names of metrics and of their parts in a text. */
const namesIn = (text: string): readonly string[] => text.match(/braze_mixpanel_\w+/g) ?? [];

describe('the dashboard for Grafana', () => {
  it('has every metric of the catalogue', () => {
    const names = catalogue()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    expect(names.filter(name => !queries.some(query => query.includes(name)))).toEqual([]);
  });

  it('has no metric that the service lacks', () => {
    const names = new Set(
      catalogue()
        .registry.getMetricsAsArray()
        .map(({ name }) => name),
    );
    const used = queries.flatMap(query => namesIn(query));
    expect(used.map(name => name.replace(/_(bucket|count)$/, '')).filter(name => !names.has(name))).toEqual(
      [],
    );
  });

  it('adds up over the replicas only what each of them counts for itself', () => {
    const ofOneProcess =
      /_(import_units_in_flight|import_units_at_most|currents_batches_total|currents_unknown_version_total|cohort_pages_refused_total|request_duration_seconds_(bucket|count))\b/;
    const added = queries.filter(query => query.includes('sum by') && !ofOneProcess.test(query));
    expect(added).toEqual([]);
  });

  it('has panels that do not overlap, each with an id of its own', () => {
    const { panels } = dashboard();
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

describeWithPromtool('Prometheus, with the scrapes of a service', () => {
  it('runs the query of each panel, and finds something with each whose metric is there', async () => {
    const apis = new FakeQueryApi();
    apis.put('7', ['ada', 'bob']);
    await using mixpanel = await FakeMixpanel.start();
    await using world = await CohortWorld.start(
      { ...FakeQueryApi.environment, MIXPANEL_API_URL: mixpanel.url, COHORTS: '7:dynamic' },
      { fetch: apis.fetch },
    );
    const { service, clock } = world;
    await world.push(['ada', 'bob'], { session: 's0' });
    const scrapes = new Scrapes(clock.now(), minuteMs, true);
    let text = '';
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.advance(minuteMs);
      const odd = [emailSend({ event_type: 'users.unheard.Of' }), emailSend({ user: { user_id: 'x' } })];
      await service.post({ events: [emailSend(), ...odd] });
      await service.settled();
      text = await (await service.get('/metrics')).text();
      scrapes.add(text);
    }
    const run = queries.map(query =>
      query
        .replaceAll('$__rate_interval', '5m')
        .replaceAll('$connection', '.*')
        .replaceAll('{job=~"$job"}', ''),
    );
    expect(run.join()).not.toContain('$');
    // A service without failures, and without some settings, lacks some metrics: they have no samples.
    const samples = new Set(new Scrape(text).samples.map(({ name }) => name));
    const found = run.filter(query => namesIn(query).every(name => samples.has(name)));
    expect(found.length).toBeGreaterThan(35);
    await scrapes.checkQueries(found);
    await scrapes.checkQueries(run.map(query => `(${query}) or vector(1)`));
  }, 60_000);
});
