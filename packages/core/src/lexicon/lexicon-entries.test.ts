import { describe, expect, it } from 'vitest';
import { catalogue2022_06, catalogue2026_07, catalogueVersions } from '../currents/index.ts';
import { parseExclusion } from '../mapping/index.ts';
import { lexiconEntrySchema } from '../mixpanel/index.ts';
import { lexiconEntries } from './index.ts';

const namesOf = (...options: Parameters<typeof lexiconEntries>) =>
  lexiconEntries(...options).map(({ name }) => name);

describe.each([...catalogueVersions.values()])('the entries of catalogue $id', catalogueVersion => {
  const alsoSend = new Set(catalogueVersion.entries.map(({ eventType }) => eventType));
  const entries = lexiconEntries({ catalogueVersion, alsoSend, sendUnlisted: true });

  it('are accepted by the schema of an upload', () => {
    for (const entry of entries) expect(lexiconEntrySchema.safeParse(entry).error).toBeUndefined();
  });

  it('describe every event in a sentence of its own, which names its event type', () => {
    const sentences = entries.map(({ schemaJson }) => schemaJson.description ?? '');
    expect(new Set(sentences).size).toBe(catalogueVersion.entries.filter(each => !each.naming).length);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].+\. Braze event type: [\w.]+\.$/);
    // The words for an event type that no table knows.
    expect(sentences.filter(sentence => sentence.startsWith('The event '))).toEqual([]);
  });

  it('describe every property', () => {
    const properties = entries.flatMap(({ schemaJson }) => Object.entries(schemaJson.properties ?? {}));
    const texts = properties.map(([name, { description }]) => [name, description]);
    expect(properties.length).toBeGreaterThan(100);
    expect(texts.filter(([, text]) => !/^[A-Z].+\.$/.test(text ?? ''))).toEqual([]);
  });

  it('leave out custom events and properties that Mixpanel describes itself', () => {
    expect(entries.filter(({ name }) => name.includes('Custom'))).toEqual([]);
    const properties = entries.flatMap(({ schemaJson }) => Object.keys(schemaJson.properties ?? {}));
    expect(properties.filter(name => name.startsWith('$'))).toEqual([]);
  });
});

describe('the entries for mapping options', () => {
  const email = 'users.messages.email.Open';

  it('are those of the selected events', () => {
    expect(namesOf({ catalogueVersion: catalogue2022_06, selection: new Set([email]) })).toEqual([
      'Email Open',
    ]);
  });

  it('lack events without a Mixpanel event, unless these are sent too', () => {
    expect(namesOf({ catalogueVersion: catalogue2026_07 })).not.toContain('User Orphan');
    const alsoSend = new Set(['users.UserOrphan']);
    expect(namesOf({ catalogueVersion: catalogue2026_07, alsoSend })).toContain('User Orphan');
  });

  it('lack an event that is excluded as a whole, and not one that is excluded in part', () => {
    const exclusions = ['Email Send', 'Email Open where machine_open'].map(text => {
      const result = parseExclusion(text, catalogue2022_06);
      if (!result.ok) throw new Error(result.message);
      return result.exclusion;
    });
    const names = namesOf({ catalogueVersion: catalogue2022_06, exclusions });
    expect(names).toContain('Email Open');
    expect(names).not.toContain('Email Send');
  });

  it('have the names that the operator chose', () => {
    const names = new Map([[email, 'Newsletter Open']]);
    const selection = new Set([email]);
    expect(namesOf({ catalogueVersion: catalogue2022_06, selection, names })).toEqual(['Newsletter Open']);
  });

  it('have unlisted properties only if these are sent', () => {
    const entry = catalogue2026_07.entries.find(({ unlisted }) => unlisted !== undefined)!;
    const selection = new Set([entry.eventType]);
    const properties = (sendUnlisted: boolean) =>
      Object.keys(
        lexiconEntries({ catalogueVersion: catalogue2026_07, selection, sendUnlisted })[0]?.schemaJson
          .properties ?? {},
      );
    const unlisted = entry.unlisted?.map(({ mixpanel }) => mixpanel) ?? [];
    expect(properties(true)).toEqual([...properties(false), ...unlisted]);
  });
});
