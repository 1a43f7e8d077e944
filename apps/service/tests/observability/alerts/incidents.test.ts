import { expect, it } from 'vitest';
import { describeWithPromtool, type Expectation } from '../../../src/testing/prometheus.ts';
import { hours } from './alert-run.ts';
import { alertsFile } from './alerts-file.ts';
import { incidents } from './incidents.ts';
import { Scenario } from './scenario.ts';

describeWithPromtool('Prometheus, with two quiet days and ten incidents', () => {
  it('each incident fires its alert and no other, as the service evaluates it too, and there is none in between', async () => {
    await using scenario = await Scenario.begin();
    const expectations: Expectation[] = [];
    const goOn = async (steps: number, expectation: Omit<Expectation, 'at'>) => {
      for (let step = 0; step < steps; step += 1) {
        await scenario.quarterOfAnHour();
        expectations.push({ at: scenario.scrapes.count - 1, ...expectation });
      }
    };
    await goOn(hours(26), { firing: [] });
    for (const { alert, lasts, begins, ends, with: other } of incidents) {
      const others = other === undefined ? [] : [other];
      begins(scenario.conditions);
      await goOn(lasts - 1, { firing: [], tolerated: [alert, ...others] });
      await goOn(1, { firing: [alert], tolerated: others });
      const { firing, notKnown } = await scenario.evaluated();
      if (!notKnown.includes(alert)) expect(firing.filter(each => !others.includes(each))).toEqual([alert]);
      ends(scenario.conditions);
      await goOn(hours(2.5), { firing: [], tolerated: [alert, ...others] });
      await goOn(hours(0.5), { firing: [] });
    }
    await scenario.scrapes.check(alertsFile, expectations);
  }, 120_000);
});
