import { expect, it } from 'vitest';
import { billingWarnings, catalogueNotes, exclusionWarnings } from './catalogue-notes.ts';
import { readConfig } from './read-config.ts';

const warningsFor = (CURRENTS_EXCLUDE: string) =>
  readConfig({
    environment: {
      ...{ MIXPANEL_TOKEN: 'project-token', CURRENTS_TOKEN: 'test-currents-token', CURRENTS_EXCLUDE },
    },
  }).connections.flatMap(exclusionWarnings);

it.each([
  [{}, []],
  [{ CURRENTS_NAMES: '{"Email Send":"Mail Sent"}' }, ['Email Send is now Mail Sent.']],
  [
    { CURRENTS_GENERATION: '2026-07', CURRENTS_NAMES: '{"SMS Carrier Send":"SMS Send To Carrier"}' },
    [
      'Campaign Conversion Event is now Campaign Conversion.',
      'Canvas Conversion Event is now Canvas Conversion.',
      'SMS Inbound Receipt is now SMS Inbound Received.',
    ],
  ],
  [{ CURRENTS_GENERATION: '2026-07', CURRENTS_EVENTS: 'Email Send, RCS Send' }, []],
])('With %j, the event names that differ from 2022-06 are listed', (choices, expected) => {
  const environment = {
    ...{ MIXPANEL_TOKEN: 'project-token', CURRENTS_TOKEN: 'test-currents-token', ...choices },
  };
  const [sentence, ...renamed] = readConfig({ environment }).connections.flatMap(catalogueNotes);
  expect(renamed.toSorted()).toEqual(expected);
  const differ = expected.length === 1 ? '1 event name differs' : `${expected.length} event names differ`;
  const isDefault = Object.keys(choices).length === 0;
  expect(sentence?.includes(`; ${differ} from 2022-06, `)).toBe(!isDefault);
});

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

it.each([
  ['2022-06', {}, 'SMS Send To Carrier'],
  ['2026-07', {}, 'SMS Carrier Send'],
  ['2026-07', { CURRENTS_NAMES: '{"SMS Carrier Send":"sms send to carrier"}' }, 'sms send to carrier'],
  ['2026-07', { CURRENTS_NAMES: '{"SMS Carrier Send":"SMS Send to Carrier"}' }, undefined],
  ['2026-07', { CURRENTS_NAMES: '{"SMS Carrier Send":"Carrier"}' }, undefined],
  ['2026-07', { CURRENTS_EVENTS: 'Email Send' }, undefined],
])('With catalogue %s and %j, the event billed for its name alone is %s', (generation, choices, billed) => {
  const environment = {
    ...{ MIXPANEL_TOKEN: 'project-token', CURRENTS_TOKEN: 'test-currents-token' },
    ...{ CURRENTS_GENERATION: generation, ...choices },
  };
  const warnings = readConfig({ environment }).connections.flatMap(billingWarnings);
  expect(warnings).toEqual(
    billed === undefined
      ? []
      : [expect.stringMatching(`does not rename "${billed}".*"SMS Send to Carrier"\\}`)],
  );
});
