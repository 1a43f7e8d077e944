/** The rules that all series of messages follow. */
import type { Route } from '@braze-mixpanel/simulator-kit';
import { rulesFrom } from '../sources.ts';

export const companyDaysRule = rulesFrom.companyDays(
  'days are those of the time zone of the company (setting `timeZone`, default UTC)',
);

export const countedOnce = rulesFrom.choice(
  'series count each emitted event once, whether or not a Current sent it, and however often',
);

export const seriesRules: Route['rules'] = [
  ...companyDaysRule,
  ...rulesFrom.contactPage(
    'a change of the time zone leaves a break: days that were counted keep their numbers',
  ),
  ...rulesFrom.metrics(
    'unique opens and clicks count a recipient once in seven days for each dispatch; opens and clicks count each time',
    'unique recipients are those of the day',
  ),
  ...rulesFrom.seriesReaders('`machine_opens` are those opens that a machine made; `opens` has them too'),
  ...countedOnce,
  ...rulesFrom.choice(
    'unique numbers are exact up to 4,096 a day, and estimates above',
    'push without a known platform is `android_push`; there are no influenced opens, so `total_opens` are the direct ones',
    'channels that the documents do not list (RCS, LINE, banners, feature flags) have no series',
  ),
];
