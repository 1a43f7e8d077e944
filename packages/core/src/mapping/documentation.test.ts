import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue2022_06, resolveSelection } from '../currents/index.ts';
import { type MappingOptions, mapEvent } from './index.ts';

const page = readFileSync(new URL('../../../../docs/mapping.md', import.meta.url), 'utf8');
const receivedAt = Date.UTC(2022, 7, 9);

interface Example {
  section: string;
  options: { sendUnlisted?: boolean; selection?: string[] };
  event: unknown;
  result: unknown;
}

/**
 * A `json event` block and the `json result` block after it; a `json options` block counts for the next event
 * only.
 */
function examplesOf(text: string): Example[] {
  const examples: Example[] = [];
  let section = '';
  let options: Example['options'] = {};
  let event: unknown;
  for (const [, heading, kind, body] of text.matchAll(/^## (.+)$|^```json (\w+)\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) section = heading;
    else if (kind === 'options') options = JSON.parse(body!);
    else if (kind === 'event') event = JSON.parse(body!);
    else {
      examples.push({ section, options, event, result: JSON.parse(body!) });
      options = {};
    }
  }
  return examples;
}

function optionsOf({ sendUnlisted = false, selection }: Example['options']): MappingOptions {
  if (!selection) return { catalogueVersion: catalogue2022_06, sendUnlisted };
  const resolved = resolveSelection(selection, catalogue2022_06);
  if (!resolved.ok) throw new Error(`the page selects unknown events: ${resolved.unknown.join(', ')}`);
  return { catalogueVersion: catalogue2022_06, sendUnlisted, selection: new Set(resolved.eventTypes) };
}

describe('the page about the mapping', () => {
  const examples = examplesOf(page);

  it('has an example in each of its sections', () => {
    const sections = [...page.matchAll(/^## (.+)$/gm)].map(match => match[1]);
    expect(new Set(examples.map(example => example.section))).toEqual(new Set(sections));
  });

  it.each(examples.map((example, index) => [index + 1, example.section, example] as const))(
    'shows in example %i, on "%s", what happens',
    (_, __, { options, event, result }) => {
      const outcome = mapEvent(event, optionsOf(options), receivedAt);
      const shown = outcome.outcome === 'mapped' ? outcome.event : { [outcome.outcome]: outcome.reason };
      expect(shown).toEqual(result);
    },
  );
});
