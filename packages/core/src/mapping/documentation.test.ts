import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generation2022_06, resolveSelection } from '../currents/index.ts';
import { type MappingProfile, mapEvent } from './index.ts';

const page = readFileSync(new URL('../../../../docs/mapping.md', import.meta.url), 'utf8');
const receivedAt = Date.UTC(2022, 7, 9);

interface Example {
  section: string;
  profile: { sendUnlisted?: boolean; selection?: string[] };
  event: unknown;
  result: unknown;
}

/** A `json event` block and the `json result` block after it; a `json profile` block counts for the next event only. */
function examplesOf(text: string): Example[] {
  const examples: Example[] = [];
  let section = '';
  let profile: Example['profile'] = {};
  let event: unknown;
  for (const [, heading, kind, body] of text.matchAll(/^## (.+)$|^```json (\w+)\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) section = heading;
    else if (kind === 'profile') profile = JSON.parse(body!);
    else if (kind === 'event') event = JSON.parse(body!);
    else {
      examples.push({ section, profile, event, result: JSON.parse(body!) });
      profile = {};
    }
  }
  return examples;
}

function profileOf({ sendUnlisted = false, selection }: Example['profile']): MappingProfile {
  if (!selection) return { generation: generation2022_06, sendUnlisted };
  const resolved = resolveSelection(selection, generation2022_06);
  if (!resolved.ok) throw new Error(`the page selects unknown events: ${resolved.unknown.join(', ')}`);
  return { generation: generation2022_06, sendUnlisted, selection: new Set(resolved.eventTypes) };
}

describe('the page on the mapping', () => {
  const examples = examplesOf(page);

  it('has an example in each of its sections', () => {
    const sections = [...page.matchAll(/^## (.+)$/gm)].map(match => match[1]);
    expect(new Set(examples.map(example => example.section))).toEqual(new Set(sections));
  });

  it.each(examples.map((example, index) => [index + 1, example.section, example] as const))(
    'shows in example %i, on "%s", what happens',
    (_, __, { profile, event, result }) => {
      const outcome = mapEvent(event, profileOf(profile), receivedAt);
      const shown = outcome.outcome === 'mapped' ? outcome.event : { [outcome.outcome]: outcome.reason };
      expect(shown).toEqual(result);
    },
  );
});
