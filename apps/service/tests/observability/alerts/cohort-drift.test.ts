import { expect, it } from 'vitest';
import { track } from '../../../src/testing/braze-gateway.ts';
import { CohortWorld } from '../../../src/testing/cohort-world.ts';
import { describeWithPromtool, type Expectation, Scrapes } from '../../../src/testing/prometheus.ts';
import { evaluationOf, hours, stepMs } from './alert-run.ts';
import { alertsFile } from './alerts-file.ts';

const alert = 'BrazeMixpanelCohortDrift';
const attribute = 'mixpanel_cohort_12345';
const strangers = Array.from({ length: 11 }, (_, index) => `stranger-${index}`);

describeWithPromtool('Prometheus, with users that a segment has besides the members of its cohort', () => {
  it('the alert of drift fires after the daily check that found more than an estimate explains, and ends with one that did not', async () => {
    await using world = await CohortWorld.start(
      { ...track, BRAZE_ANALYTICS_KEY: 'braze-rest-key', COHORT_SEGMENTS: '12345:segment-1' },
      {},
      ['ada', 'bob', ...strangers],
    );
    const sim = (path: string, body: unknown) =>
      fetch(`${world.braze.url}/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const inSegment = (ids: readonly string[], isIn: boolean) =>
      Promise.all(ids.map(id => sim('users', { external_id: id, attributes: { [attribute]: isIn } })));
    const filter = { type: 'custom_attribute', name: attribute, operator: 'is_true' };
    await sim('segments', { name: 'Cohort', filter });
    await world.push(['ada', 'bob']);
    await world.rest();

    const scrapes = new Scrapes(world.clock.now(), stepMs);
    const expectations: Expectation[] = [];
    const goOn = async (steps: number, expectation: Omit<Expectation, 'at'>) => {
      for (let step = 0; step < steps; step += 1) {
        scrapes.add(await (await world.service.get('/metrics')).text());
        expectations.push({ at: scrapes.count - 1, tolerated: ['BrazeMixpanelCohortLate'], ...expectation });
        await world.clock.advance(stepMs);
      }
    };
    const drift = async () => {
      const { firing, notKnown } = await evaluationOf(world.service);
      return firing.includes(alert) ? 'fires' : notKnown.includes(alert) ? 'not known' : 'quiet';
    };
    expect(await drift()).toBe('not known');
    await inSegment(strangers.slice(0, 10), true);
    await goOn(hours(28), { firing: [] });
    expect(await drift()).toBe('quiet');
    await inSegment(strangers, true);
    await goOn(hours(24), { firing: [] });
    expect(await drift()).toBe('fires');
    await goOn(1, { firing: [] });
    await goOn(hours(20), { firing: [alert] });
    await inSegment(strangers, false);
    await goOn(hours(4) - 1, { firing: [alert] });
    await goOn(1, { firing: [] });
    expect(await drift()).toBe('quiet');
    await scrapes.check(alertsFile, expectations);
  }, 60_000);
});
