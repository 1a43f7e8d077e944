import { expect, it } from 'vitest';
import { exclusionWarnings } from './catalogue-notes.ts';
import { readConfig } from './read-config.ts';

const warningsFor = (CURRENTS_EXCLUDE: string) =>
  readConfig({
    environment: {
      ...{ MIXPANEL_TOKEN: 'project-token', CURRENTS_TOKEN: 'test-currents-token', CURRENTS_EXCLUDE },
    },
  }).connections.flatMap(exclusionWarnings);

it.each([
  'Email Open',
  'Email Open where machine_open',
  'Custom Event where name = Page Viewed',
  '* where campaign_id',
])('An exclusion that the catalogue can apply has no warning: %s', exclusion => {
  expect(warningsFor(exclusion)).toEqual([]);
});

it.each([
  ['Email Open where machine_opn', 'machine_opn'],
  ['Email Send where machine_open', 'machine_open'],
  ['* where nothing', 'nothing'],
])('An exclusion by a property that the catalogue lacks has a warning: %s', (exclusion, property) => {
  const [warning, ...others] = warningsFor(exclusion);
  expect(warning).toContain(`has no property "${property}" there`);
  expect(others).toEqual([]);
});
