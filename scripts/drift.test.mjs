import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2026_07, glossary2026_07, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { textsOf } from './drift/texts-of.mjs';
import { drift } from './drift.mjs';

let folder;
let printed;
let complaints;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drift-'));
  printed = [];
  complaints = [];
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args) =>
  drift(
    args,
    text => printed.push(text),
    text => complaints.push(text),
  );
const found = () => JSON.parse(printed[0]).differences;
const described = type => `(optional, ${type}) [PII] What it is, e.g. "(quoted)"`;
const block = (tab, title, fields) =>
  [
    `{% tab ${tab} %}`,
    '```json',
    `// ${title}`,
    '',
    JSON.stringify(fields, null, 2),
    '```',
    '{% endtab %}',
  ].join('\n');
const page = (...blocks) =>
  ['## Some events {#some-events}', '', '{% tabs %}', ...blocks, '{% endtabs %}', ''].join('\n');
const write = (name, text) => writeFile(join(folder, name), text);

/** The page of the whole catalogue, in the form of Braze's pages. */
function wholeGlossary() {
  const fieldsOf = fields => Object.fromEntries(fields.map(({ name, type }) => [name, described(type)]));
  const blocks = glossary2026_07.flatMap(({ eventType, storage, customHttp, mixpanel }) => {
    const listed = catalogue2026_07.byType.get(eventType).properties;
    return [
      block('Cloud Storage', eventType, fieldsOf(storage)),
      block('Segment', `Other (${eventType})`, { unknown: described('string') }),
      ...(customHttp
        ? [
            block('Custom HTTP', eventType, {
              event_type: eventType,
              user: fieldsOf(customHttp.user),
              properties: fieldsOf(customHttp.properties),
            }),
          ]
        : []),
      ...(mixpanel
        ? [
            block('Mixpanel', `${mixpanel.heading}  (${eventType})`, {
              event: described('string'),
              properties: {
                $partner_id: 'braze',
                ...Object.fromEntries(listed.map(({ mixpanel: name, type }) => [name, described(type)])),
              },
            }),
          ]
        : []),
    ];
  });
  return page(...blocks);
}

it('drift finds no difference in a glossary that says what the catalogue does', async () => {
  await write('events.md', wholeGlossary());
  const status = await run(folder, '--json', '--complete');
  expect(found()).toEqual([]);
  expect(status).toBe(0);
  expect(JSON.parse(printed[0])).toMatchObject({ eventTypes: glossary2026_07.length, notCompared: [] });
});

it('drift names a new event type, property, type and Mixpanel name, with exit status 1', async () => {
  await write(
    'events.md',
    page(
      block('Cloud Storage', 'users.messages.carrierpigeon.Send', { id: described('string') }),
      block('Cloud Storage', 'users.canvas.Entry', {
        canvas_id: described('int'),
        coop: described('string'),
      }),
      block('Mixpanel', 'Canvas Entered (users.canvas.Entry)', {
        properties: {
          canvas_id: described('string'),
          token: described('string'),
          coop: described('boolean'),
        },
      }),
    ),
  );
  expect(await run(folder, '--json')).toBe(1);
  expect(found()).toMatchObject([
    { kind: 'event type', eventType: 'users.messages.carrierpigeon.Send' },
    { kind: 'type', tab: 'storage', name: 'canvas_id', theirs: 'int', ours: 'string' },
    { kind: 'property', tab: 'storage', name: 'coop', theirs: 'string' },
    { kind: 'name', tab: 'Mixpanel', theirs: 'Canvas Entered', ours: 'Canvas Entry' },
    { kind: 'property', tab: 'Mixpanel', name: 'coop', theirs: 'boolean' },
  ]);
});

it('drift says which event types the folder lacks, and with --complete ends with exit status 1', async () => {
  await write(
    'events.md',
    wholeGlossary().replace(/\/\/ users\.canvas\.Entry/g, '// users.canvas.Conversion'),
  );
  expect(await run(folder, '--json')).toBe(1);
  expect(JSON.parse(printed[0]).notCompared).toEqual([
    { tab: 'storage', eventTypes: ['users.canvas.Entry'], of: 94 },
    { tab: 'custom HTTP', eventTypes: ['users.canvas.Entry'], of: 90 },
  ]);
  await write('events.md', page(block('Mixpanel', 'Canvas Entry (users.canvas.Entry)', {})));
  expect(await run(folder)).toBe(0);
  expect(printed[1].split('\n')).toEqual([
    '1 event type compared with the catalogue 2026-07: 0 differences.',
    ...['', 'Not compared, since the folder lacks them:'],
    ...['  storage      94 of 94 event types', '  custom HTTP  90 of 90 event types'],
    '  Mixpanel     87 of 88 event types',
  ]);
  expect(await run(folder, '--complete')).toBe(1);
});

it('the table of drift has no line over 80 columns', async () => {
  await write(
    'events.md',
    page(block('Cloud Storage', 'users.canvas.Entry', { ['x'.repeat(120)]: described('string') })),
  );
  expect(await run(folder)).toBe(1);
  expect(printed[0]).toMatch(/^1 event type compared with the catalogue 2026-07: 1 difference\.$/m);
  expect(printed[0].split('\n').every(line => line.length <= 80)).toBe(true);
});

it.each(['{ "a": ', '5', '[1]', 'null', '"a"'])(
  'drift reports a block that it cannot read as a difference, such as %s',
  async json => {
    await write('events.md', page(block('Mixpanel', 'users.canvas.Entry', {}).replace('{}', json)));
    expect(await run(folder, '--json')).toBe(1);
    expect(found()).toMatchObject([{ kind: 'unreadable', file: 'events.md', tab: 'Mixpanel' }]);
    expect(JSON.parse(printed[0]).notCompared).toHaveLength(3);
  },
);

it('drift finds no difference in samples of every event type, and names what a sample has besides', async () => {
  const sampled = catalogue2026_07.entries
    .filter(({ storageOnly }) => !storageOnly)
    .map(entry =>
      sampleEvent(entry, { random: seededRandom(1), time: 1, externalUserId: 'a', unlisted: true }),
    );
  await write('samples.json', JSON.stringify({ events: sampled }));
  await run(folder, '--json');
  expect(found()).toEqual([]);

  const [first] = sampled;
  await write('lines.jsonl', JSON.stringify({ ...first, properties: { coop: 1 } }));
  expect(await run(folder)).toBe(1);
  expect(printed[1]).toContain('coop (int)');
});

/** A value of each type of the glossary, in Avro's JSON encoding. */
const encoded = {
  string: 'a',
  int: 1,
  long: 1,
  float: 1,
  boolean: true,
  'array of string': ['a'],
};
const avroName = { 'array of string': 'array' };

it('drift reads samples of the storage export in nested folders, by the names of their files', async () => {
  const nested = join(folder, 'samples', 'storage');
  await mkdir(nested, { recursive: true });
  for (const { eventType, storage } of glossary2026_07) {
    const record = storage.map(({ name, type, optional }) => [
      name,
      optional ? { [avroName[type] ?? type]: encoded[type] } : encoded[type],
    ]);
    await writeFile(join(nested, `${eventType}.json`), JSON.stringify(Object.fromEntries(record)));
  }
  expect(await run(folder, '--json')).toBe(0);
  expect(JSON.parse(printed[0])).toMatchObject({ eventTypes: glossary2026_07.length, differences: [] });

  const changed = { canvas_id: { int: 1 }, canvas_name: null, coop: { array: [] }, nest: {} };
  await writeFile(join(nested, 'users.canvas.Entry.json'), JSON.stringify(changed));
  await writeFile(join(nested, 'users.messages.carrierpigeon.Send.json'), '{"id":"a"}');
  await writeFile(join(nested, 'users.canvas.Conversion.json'), '[5]');
  expect(await run(folder, '--json')).toBe(1);
  const file = name => join('samples', 'storage', `${name}.json`);
  expect(JSON.parse(printed[1]).differences).toMatchObject([
    { kind: 'unreadable', file: file('users.canvas.Conversion'), name: '5' },
    { kind: 'type', tab: 'storage', name: 'canvas_id', theirs: 'int', ours: 'string' },
    { kind: 'property', tab: 'storage', name: 'coop', theirs: 'array of string' },
    { kind: 'property', tab: 'storage', name: 'nest', theirs: 'object' },
    { kind: 'event type', eventType: 'users.messages.carrierpigeon.Send' },
  ]);
});

it('A folder with more entries than samples can have is not read', async () => {
  await mkdir(join(folder, 'nested'));
  await write('1.json', '1');
  await writeFile(join(folder, 'nested', '2.json'), '2');
  const read = mostEntries => textsOf(folder, /json$/, { recursive: true, mostEntries });
  expect(await read(3)).toEqual([
    { file: '1.json', text: '1' },
    { file: join('nested', '2.json'), text: '2' },
  ]);
  await expect(read(2)).rejects.toThrow('it has more than 2 entries');
});

it('drift reads the blocks in the spelling and the tabs of the pages of Braze', async () => {
  const lines = [
    '{% api %}',
    '{% tabs %}',
    '{% tab Custom HTTP Connector %}',
    '```json',
    '// users.UserOrphan',
    '',
    '{',
    '  "event_type" : "(required, string) The name of the event type",',
    '  "properties" : {',
    '    "orphaned_by_id" : "(required, string) The user\'s \\"new\\" profile",',
    '    "coop" : "(optional, long) One of [\'M\', \'F\']"',
    '  },',
    '  "user" : {',
    '    "user_id" : "(required, string) [PII] The user"',
    '  }',
    '}',
    '```',
    '{% endtab %}',
  ];
  await write('user_profiles_events.md', lines.join('\r\n'));
  expect(await run(folder, '--json')).toBe(1);
  const where = { tab: 'custom HTTP', eventType: 'users.UserOrphan' };
  expect(found()).toEqual([
    { kind: 'connector', file: 'user_profiles_events.md', ...where, name: 'custom HTTP' },
    { kind: 'property', file: 'user_profiles_events.md', ...where, name: 'coop', theirs: 'long' },
  ]);
});

it('drift reports once a tab of an unknown heading that has events, and an event that breaks off', async () => {
  const [whole] = glossary2026_07;
  await write(
    'events.md',
    page(
      block('Webhook Export', whole.eventType, {}),
      block('Webhook Export', 'users.canvas.Entry', {}),
      block('Curl', 'curl --request POST', {}),
      block('Shopify', 'users.canvas.Entry', {}),
      block('Cloud Storage', 'users.canvas.Entry', {}).split('{}')[0],
    ),
  );
  expect(await run(folder, '--json')).toBe(1);
  expect(found()).toEqual([
    { kind: 'tab', file: 'events.md', tab: 'Webhook Export', name: 'Webhook Export' },
    { kind: 'unreadable', file: 'events.md', tab: 'storage', name: '// users.canvas.Entry' },
  ]);
  await run(folder);
  expect(printed[1]).toContain('Webhook Export  tab         not a known tab');
});

it('drift names samples that are no events, and shows no control characters', async () => {
  const odd = { event_type: 'users.canvas.Entry', properties: { '\u001b[31m': 1 } };
  const none = [{ event_type: 5 }, null, { event_type: 'users.canvas.Entry', user: 'x' }, [[]]];
  await write('samples.json', JSON.stringify([odd, ...none]));
  await write('deep.json', `${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  await write('lines.ndjson', 'no JSON');
  expect(await run(folder, '--json')).toBe(1);
  expect(found().filter(({ kind }) => kind === 'unreadable')).toHaveLength(none.length + 2);
  await run(folder);
  expect(printed[1]).not.toContain('\u001b');
});

it('drift answers with one sentence and exit status 2 where there is nothing to compare', async () => {
  await write('readme.md', '# Other\n\n```json\n{}\n```\n');
  await write('other.json', 'no JSON');
  await mkdir(join(folder, 'folder.md'));
  const file = join(folder, 'readme.md');
  for (const args of [[folder], [file], [join(folder, 'none')], [], [''], [folder, folder], ['--other']])
    expect(await run(...args), `${args}`).toBe(2);
  const folderMissing = 'Name one folder with the Markdown files of the glossary: npm run drift -- <folder>.';
  const next = 'name a folder with the Markdown files of the glossary.';
  expect(complaints).toEqual([
    expect.stringMatching(/has no glossary: .* and no JSON sample of an event\.$/),
    `${file} can't be read (ENOTDIR): ${next}`,
    `${join(folder, 'none')} can't be read (ENOENT): ${next}`,
    ...[folderMissing, folderMissing, folderMissing],
    "Unknown option '--other': npm run drift -- --help lists the options.",
  ]);
  expect(printed).toEqual([]);
});
