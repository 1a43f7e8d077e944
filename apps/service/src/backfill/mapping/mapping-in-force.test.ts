import { catalogue2022_06, catalogue2026_07 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText, parseExclusion, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BackfillError } from '../backfill-error.ts';
import { identityOptions, mappingInForce } from './mapping-in-force.ts';

const old = identityOptions({
  catalogueVersion: catalogue2022_06,
  names: new Map([['users.behaviors.Uninstall', 'Gone']]),
});
const newer = identityOptions({ catalogueVersion: catalogue2026_07, sendUserId: true });
const present = mappingOptionsText({ catalogueVersion: catalogue2026_07 });

it('The options at a moment are those of the last change before it, whatever the order of the questions', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ since: fc.nat(50), options: fc.constantFrom(old, newer) }), {
        selector: each => each.since,
      }),
      fc.nat(60),
      fc.constantFrom('present' as const, 'oldest' as const),
      (entries, moment, before) => {
        const history = entries.toSorted((a, b) => a.since - b.since);
        const past = history.filter(({ since }) => since <= moment).at(-1);
        const expected = past ?? (before === 'oldest' ? history[0] : undefined);
        const found = parseMappingOptions(mappingInForce({ history, present, before }).at(moment));
        expect(identityOptions(found)).toBe(
          expected?.options ?? identityOptions(parseMappingOptions(present)),
        );
      },
    ),
  );
});

it('What is selected and excluded is that of the present, as far as the catalogue version of then has it', () => {
  const exclusionOf = (text: string) => {
    const parsed = parseExclusion(text, catalogue2026_07);
    if (!parsed.ok) throw new Error(parsed.message);
    return parsed.exclusion;
  };
  const selected = mappingOptionsText({
    catalogueVersion: catalogue2026_07,
    selection: new Set(['users.messages.email.Open']),
    exclusions: [exclusionOf('Email Open where machine_open'), exclusionOf('LINE Click')],
    sendUnattributed: true,
    sendUnknown: true,
    sendUserId: true,
  });
  const found = parseMappingOptions(
    mappingInForce({ history: [{ since: 0, options: old }], present: selected, before: 'oldest' }).at(1),
  );
  expect(found.catalogueVersion.id).toBe('2022-06');
  expect(found.selection).toEqual(new Set(['users.messages.email.Open']));
  expect(found.exclusions?.map(({ text }) => text)).toEqual(['Email Open where machine_open']);
  expect(found.sendUnattributed).toBe(true);
  expect(found.sendUserId).toBeUndefined();
  // Unknown types of then became dead letters; their replay names them.
  expect(found.sendUnknown).toBeUndefined();
  expect(found.names?.get('users.behaviors.Uninstall')).toBe('Gone');
});

it('A catalogue version of a newer release is refused with its name and what to do', () => {
  const newest = identityOptions({ catalogueVersion: { ...catalogue2026_07, id: '2031-01' } });
  const options = () =>
    mappingInForce({ history: [{ since: 0, options: newest }], present, before: 'oldest' });
  expect(options).toThrow(BackfillError);
  expect(options).toThrow(/catalogue version 2031-01, which this release does not have\. Run the release/);
});
