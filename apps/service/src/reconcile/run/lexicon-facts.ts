import { LexiconError } from '../../lexicon/lexicon-error.ts';
import type { SchemasClient } from '../../lexicon/schemas-client.ts';
import type { LexiconFacts, NotKnown } from '../explain/facts.ts';

export type ReadLexicon = (event: string) => LexiconFacts | NotKnown;
const shown: LexiconFacts = { hidden: false, dropped: false };

/** Which events are hidden or dropped in Lexicon; for an error, that it is not known, and why. */
export async function lexiconFacts(client: () => Pick<SchemasClient, 'list'>): Promise<ReadLexicon> {
  const facts = new Map<string, LexiconFacts>();
  try {
    for (const { entityType, name, schemaJson } of await client().list())
      if (entityType === 'event') facts.set(name, statusOf(schemaJson));
  } catch (error) {
    if (!(error instanceof LexiconError)) throw error;
    return () => ({ notKnown: error.message });
  }
  return event => facts.get(event) ?? shown;
}

function statusOf(schema: unknown): LexiconFacts {
  const { hidden, dropped } = at(at(schema, 'metadata'), 'com.mixpanel') as Partial<Record<string, unknown>>;
  return { hidden: hidden === true, dropped: dropped === true };
}

/** A member of an object that is an object itself; empty for anything else. */
function at(value: unknown, key: string): object {
  const found =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'object' && found !== null ? found : {};
}
