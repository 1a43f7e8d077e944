import { mappingOptionsText, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import { describe, expect, it } from 'vitest';
import { type Environment, faultsOf, readSettings, withToken } from '../testing/read-settings.ts';
import { mappingOptionsOf } from './mapping-options.ts';

/** What is stored with each batch of the connection. */
const stored = (settings: Environment, name = 'default', contents?: Record<string, string>) => {
  const config = readSettings({ ...withToken, ...settings }, contents);
  const connection = config.connections.find(each => each.name === name);
  return JSON.parse(mappingOptionsText(mappingOptionsOf(connection!)));
};

describe('the mapping settings', () => {
  it('leave the stored options as earlier releases wrote them where none is set', () => {
    expect(stored({})).toEqual({ generation: '2022-06', selection: null, sendUnlisted: false });
  });

  it('are stored with each batch, and read from there unchanged', () => {
    const options = stored({
      CURRENTS_GENERATION: '2026-07',
      CURRENTS_EVENTS: 'all, Agent Executed',
      CURRENTS_NAMES: '{"RCS Send": "RCS Message Sent"}',
      CURRENTS_UNKNOWN: 'send',
      CURRENTS_EXCLUDE: 'Email Open where machine_open, * where platform = web',
      ANONYMOUS: 'unattributed',
      MIXPANEL_USER_ID: 'true',
    });
    expect(options).toEqual({
      generation: '2026-07',
      selection: null,
      sendUnlisted: false,
      alsoSend: ['agentconsole.AgentExecuted'],
      exclusions: ['Email Open where machine_open', '* where platform = web'],
      names: { 'users.messages.rcs.Send': 'RCS Message Sent' },
      sendUnknown: true,
      sendUnattributed: true,
      sendUserId: true,
    });
    const text = JSON.stringify(options);
    expect(mappingOptionsText(parseMappingOptions(text))).toBe(text);
  });

  it('are those of the connection that sets them, and of no other', () => {
    const file = [
      'mixpanel_token: m',
      'currents_token: t',
      'currents_names: {Email Send: Mail Sent}',
      'connections:',
      '  shop:',
      '    mixpanel_token: s',
      '    currents_token: u',
      '    currents_names:',
      '      users.messages.email.Open: Mail Opened',
      '    currents_exclude: [Email Click, Purchase]',
    ].join('\n');
    const settings = { CURRENTS_TOKEN: undefined, MIXPANEL_TOKEN: undefined, CONFIG_FILE: 'c.yaml' };
    expect(stored(settings, 'default', { 'c.yaml': file })).toMatchObject({
      names: { 'users.messages.email.Send': 'Mail Sent' },
    });
    expect(stored(settings, 'shop', { 'c.yaml': file })).toMatchObject({
      names: { 'users.messages.email.Open': 'Mail Opened' },
      exclusions: ['Email Click', 'Purchase'],
    });
  });

  it('select event types without a Mixpanel event by name alone', () => {
    const { selection } = stored({ CURRENTS_GENERATION: '2026-07', CURRENTS_EVENTS: 'Agent Executed' });
    expect(selection).toHaveLength(1);
  });
});

const manyNames = JSON.stringify(
  Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`Event ${index}`, `Name ${index}`])),
);

describe('an invalid mapping setting is refused in one sentence:', () => {
  it.each<[string, Environment, RegExp]>([
    ['an unknown catalogue version', { CURRENTS_GENERATION: '2031-01' }, /^CURRENTS_GENERATION is "2031-01"/],
    ['text that is no map', { CURRENTS_NAMES: 'Email Send' }, /^CURRENTS_NAMES is no map of names; expected/],
    ['JSON cut off', { CURRENTS_NAMES: '{"Email Send": ' }, /^CURRENTS_NAMES is no map of names; expected/],
    ['a list of names', { CURRENTS_NAMES: '["Email Send"]' }, /^CURRENTS_NAMES is no map of names/],
    ['an event twice', { CURRENTS_NAMES: '{"Purchase":"a","Purchase":"b"}' }, /^CURRENTS_NAMES is no map/],
    ['a map as name', { CURRENTS_NAMES: '{"Email Send":{"a":"b"}}' }, /^CURRENTS_NAMES is no map of names/],
    ['no name', { CURRENTS_NAMES: '{"Email Send":""}' }, /^CURRENTS_NAMES cannot be used: a name is empty;/],
    [
      'an event of no catalogue',
      { CURRENTS_NAMES: '{"Pigeon Send":"Pigeon"}' },
      /^CURRENTS_NAMES names "Pigeon Send", which is no event of catalogue 2022-06; expected names from docs.events\.md\./,
    ],
    [
      'a name that Mixpanel reserves',
      { CURRENTS_NAMES: '{"Email Send":"$email"}' },
      /^CURRENTS_NAMES cannot be used: the name "\$email" begins with \$, which Mixpanel reserves; expected/,
    ],
    [
      'two event types under one name',
      { CURRENTS_NAMES: '{"Email Send":"Email Open"}' },
      /^CURRENTS_NAMES cannot be used: \S+ and \S+ would both be named "Email Open"; expected/,
    ],
    ['1,000 names', { CURRENTS_NAMES: manyNames }, /^CURRENTS_NAMES has 1000 names; expected at most 200\.$/],
    [
      'a word for unknown types',
      { CURRENTS_UNKNOWN: 'drop' },
      /^CURRENTS_UNKNOWN is "drop"; expected one of/,
    ],
    ['a word for anonymous events', { ANONYMOUS: 'true' }, /^ANONYMOUS is "true"; expected one of skip, una/],
    ['no flag', { MIXPANEL_USER_ID: 'maybe' }, /^MIXPANEL_USER_ID is "maybe"; expected true or false/],
    [
      'an exclusion of no event',
      { CURRENTS_EXCLUDE: 'Pigeon Send' },
      /^CURRENTS_EXCLUDE has "Pigeon Send", which names "Pigeon Send", which is no event of catalogue 2022-06;/,
    ],
    [
      'an exclusion of all',
      { CURRENTS_EXCLUDE: '*' },
      /^CURRENTS_EXCLUDE has "\*", which excludes every event/,
    ],
    [
      'an exclusion of 300 characters',
      { CURRENTS_EXCLUDE: `Purchase where ${'a'.repeat(300)}` },
      /^CURRENTS_EXCLUDE has "Purchase where a+…"; expected at most 200 characters each\.$/,
    ],
    [
      'more exclusions than metrics can label',
      { CURRENTS_EXCLUDE: Array.from({ length: 51 }, (_, n) => `Purchase where a = ${n}`).join() },
      /^CURRENTS_EXCLUDE has 51 exclusions; expected at most 50\.$/,
    ],
  ])('%s', (_what, settings, message) => {
    expect(faultsOf({ ...withToken, ...settings })).toEqual([expect.stringMatching(message)]);
  });

  const newer = / Catalogue 2026-07 has it: set CURRENTS_GENERATION=2026-07\.$/;
  const renamed = / It is called so in catalogue 2022-06, and "SMS Carrier Send" in 2026-07\.$/;
  it.each<[string, Environment, RegExp]>([
    ['a selection', { CURRENTS_EVENTS: 'RCS Send' }, newer],
    ['a name', { CURRENTS_NAMES: '{"rcs send":"RCS"}' }, newer],
    ['an exclusion', { CURRENTS_EXCLUDE: 'RCS Send where url' }, newer],
    [
      'a former name',
      { CURRENTS_GENERATION: '2026-07', CURRENTS_NAMES: '{"SMS Send To Carrier":"SMS"}' },
      renamed,
    ],
    [
      'a misspelled exclusion',
      { CURRENTS_EXCLUDE: 'Emial Open' },
      / Did you mean Email Open\?$|Email Open or/,
    ],
  ])('%s of an event that another catalogue version has names it', (_what, settings, message) => {
    expect(faultsOf({ ...withToken, ...settings })).toEqual([expect.stringMatching(message)]);
  });
});
