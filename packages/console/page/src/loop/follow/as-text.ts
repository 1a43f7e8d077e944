/** One event in forms to copy. */
import type { FollowedEvent } from './followed.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command that sends the event to the service, as Braze does. The token is for you to put in. */
export const asCurl = ({ original }: Pick<FollowedEvent, 'original'>, endpoint: string): string =>
  [
    `curl -X POST ${quoted(endpoint)}`,
    `-H ${quoted('content-type: application/json')}`,
    '-H "authorization: Bearer $CURRENTS_TOKEN"',
    `-d ${quoted(JSON.stringify({ events: [original] }))}`,
  ].join(' \\\n  ');

/** A test for vitest that maps the event under the options of its batch, and compares what became of it. */
export function asTest({
  original,
  mapped,
  reason,
  state,
  name,
  eventType,
  receivedAt,
  batch,
}: Pick<
  FollowedEvent,
  'original' | 'mapped' | 'reason' | 'state' | 'name' | 'eventType' | 'receivedAt' | 'batch'
>): string {
  const outcome = mapped === null ? `{ outcome: '${state}', reason: ${literal(reason)} }` : literal(mapped);
  const title = `${eventType ?? 'the event'} becomes ${mapped === null ? `${state}: ${reason}` : name}`;
  return `import { mapEvent, parseMappingOptions } from '@braze-mixpanel/core/mapping';
import { expect, it } from 'vitest';

const event = ${literal(original)};
const options = parseMappingOptions(${literal(batch.options)});

it(${literal(title)}, () => {
  const result = mapEvent(event, options, Date.parse(${literal(receivedAt)}));
  const outcome = ${outcome};
  ${
    mapped === null
      ? 'expect(result).toMatchObject(outcome);'
      : "expect(result.outcome === 'mapped' ? result.event : result).toEqual(outcome);"
  }
});
`;
}

/** JSON as JavaScript reads it, in which a key `__proto__` is a property like any other. */
const literal = (value: unknown): string =>
  (JSON.stringify(value, undefined, 2) ?? 'undefined').replaceAll(/(?<!\\)"__proto__":/g, '["__proto__"]:');
