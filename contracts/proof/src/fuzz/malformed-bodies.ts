import { deflateSync, gzipSync } from 'node:zlib';
import { catalogue2022_06, sampleEvent } from '@braze-mixpanel/core/currents';
import { type Draw, drawing } from './draw.ts';

export interface MalformedBody {
  readonly bytes: Buffer;
  readonly encoding: 'identity' | 'gzip' | 'deflate';
}

/** Values that no catalogue lists, as JSON text; some are not valid JSON. */
const oddValues = [
  ...['null', 'true', 'false', '0', '-0', '1', '""', '" "', '[]', '{}', '[null]', '[[]]', '{"":""}'],
  ...['1e400', '-1e999', '1e-400', '12345678901234567890123456789', '0.1e1', '1E2', '9007199254740993', '-1'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\u0000id"', '"\u2028"', '"\ufffe"', '"\u{1f600}"'],
  ...['"null"', '"undefined"', '"anonymous"', '"NaN"', '"__proto__"', '"constructor"', '"toString"'],
  ...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}'],
  ...['{"toString":1,"valueOf":2,"toJSON":3}', '{"a":1,"a":2,"a":{}}', '{"length":-1}', '{"then":{}}'],
  ...[
    'NaN',
    'Infinity',
    'undefined',
    '01',
    '+1',
    '.5',
    '1.',
    "'x'",
    '"\\x41"',
    '"\t"',
    '"',
    '[1,]',
    '{"a":1,}',
  ],
] as const;
const oddKeys = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', '', ' ', '0'],
  ...[
    '$insert_id',
    'distinct_id',
    'token',
    'time',
    '$time',
    'event',
    'a.b',
    '\\u0000',
    '\\ud83d',
    'x'.repeat(300),
  ],
];
const brokenUtf8 = [
  [0xff],
  [0xfe, 0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xe2, 0x82],
  [0x80],
  [0xc3],
].map(bytes => Buffer.from(bytes));
const pieces = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '"events"',
  '"user"',
  'null',
  '1e9',
  ' ',
  '\n',
  '\ufeff',
];

/** A key and its value, or the start of its value. */
const place = /"([a-z_]+)":("(?:[^"\\]|\\.)*"|[-\d.]+|null|true|false|\{|\[)/g;

/**
 * An infinite generator of bodies that differ, slightly or entirely, from those of Braze; a few are valid.
 */
export function malformedBodies(random: () => number): () => MalformedBody {
  const draw = drawing(random);
  const { entries } = catalogue2022_06;
  const samples = entries.flatMap((entry, place) =>
    [null, `customer-${place}`, `kunde-${place}`].map(externalUserId =>
      JSON.stringify(sampleEvent(entry, { random, time: 1_767_225_600 + place, externalUserId })),
    ),
  );
  const some = () => Array.from({ length: 1 + draw.below(3) }, () => draw.of(samples));
  const envelope = (events: readonly string[]) => `{"events":[${events.join(',')}]}`;
  const plain = (text: string): MalformedBody => ({ bytes: Buffer.from(text), encoding: 'identity' });
  const valid = () => plain(envelope(some()));

  const placesOf = new Map(samples.map(event => [event, [...event.matchAll(place)]]));
  /** Replaces one value or one key by an unusual one. */
  const bent = (event: string) => {
    const { 0: whole, 1: key, 2: value, index: position } = draw.of(placesOf.get(event)!);
    const odd = draw.of(oddValues);
    const opens = value === '{' || value === '[';
    const instead = draw.chance(0.3)
      ? `"${draw.of(oddKeys)}":${opens ? value : odd}`
      : draw.chance(0.3)
        ? `"${key}":${odd},${whole}`
        : `"${key}":${opens ? `${odd},"rest":${value}` : odd}`;
    return event.slice(0, position) + instead + event.slice(position + whole.length);
  };
  const deep = () => {
    const depth = draw.chance(0.02) ? 20_000 : 1 + draw.below(300);
    const [open, close] = draw.chance(0.5) ? ['[', ']'] : ['{"a":', '}'];
    return open.repeat(depth) + draw.of(oddValues) + close.repeat(draw.chance(0.1) ? depth - 1 : depth);
  };
  const torn = ({ bytes }: MalformedBody): MalformedBody => {
    const copy = Buffer.from(bytes);
    for (let count = 1 + draw.below(6); count > 0; count--) copy[draw.below(copy.length)] = draw.below(256);
    return { bytes: copy, encoding: 'identity' };
  };
  const compressed = (): MalformedBody => {
    const { bytes } = bodies[draw.below(3)]![1]();
    const deflated = draw.chance(0.2);
    const packed = deflated ? deflateSync(bytes) : gzipSync(bytes, { level: 1 });
    const encoding = deflated ? 'deflate' : 'gzip';
    const fate = draw.below(5);
    if (fate === 0) return { bytes: packed.subarray(0, draw.below(packed.length)), encoding };
    if (fate === 1) return { bytes: torn({ bytes: packed, encoding }).bytes, encoding };
    if (fate === 2) return { bytes, encoding };
    if (fate === 3) return { bytes: Buffer.concat([packed, draw.of(brokenUtf8), packed]), encoding };
    return { bytes: packed, encoding };
  };

  /**
   * A few kilobytes of gzip with an unrealistic number of values: flat or nested, as events or inside one
   * event.
   */
  const crowded = (): MalformedBody => {
    const count = draw.of([9_000, 11_000, 120_000, 1_000_000]);
    const text = draw.of([
      () => `${draw.of(['1,', '{},', '[],', '"",', '{"a":{}},']).repeat(count)}1`,
      () => `${'['.repeat(count)}${']'.repeat(count)}`,
      () => `${'{"a":'.repeat(count)}1${'}'.repeat(count)}`,
    ])();
    const events = draw.chance(0.5)
      ? text
      : draw.of(samples).replace(/"properties":\{/, `$&"${draw.of(oddKeys)}":[${text}],`);
    return { bytes: gzipSync(`{"events":[${events}]}`, { level: 1 }), encoding: 'gzip' };
  };

  const bodies: readonly (readonly [weight: number, make: () => MalformedBody])[] = [
    [30, () => plain(envelope(some().map(bent)))],
    [10, () => torn(valid())],
    [4, valid],
    [10, () => inserted(valid(), draw)],
    [8, () => cut(valid(), draw)],
    [
      8,
      () =>
        plain(
          envelope([bent(draw.of(samples)).replace(/"properties":\{/, `$&"${draw.of(oddKeys)}":${deep()},`)]),
        ),
    ],
    [6, () => plain(envelope(Array.from({ length: draw.below(40) }, () => draw.of(oddValues))))],
    [4, () => plain(envelope([deep(), ...some()]))],
    [5, () => plain(`{"events":${draw.of(oddValues)}${draw.chance(0.3) ? `,"events":[${some()}]` : ''}}`)],
    [3, () => plain(draw.of(oddValues))],
    [3, () => plain(Array.from({ length: draw.below(30) }, () => draw.of(pieces)).join(''))],
    [2, () => plain(`\ufeff${envelope(some())}${draw.of(pieces)}`)],
    [2, () => plain(`{"__proto__":{"events":[]},"events":[${some().map(bent)}],"toString":null}`)],
    [7, compressed],
    [0.3, crowded],
  ];
  const total = bodies.reduce((sum, [weight]) => sum + weight, 0);
  return () => {
    let left = random() * total;
    for (const [weight, make] of bodies) {
      left -= weight;
      if (left < 0) return make();
    }
    return valid();
  };
}

function inserted({ bytes, encoding }: MalformedBody, draw: Draw): MalformedBody {
  const place = draw.below(bytes.length + 1);
  const middle = draw.of(brokenUtf8);
  return { bytes: Buffer.concat([bytes.subarray(0, place), middle, bytes.subarray(place)]), encoding };
}

function cut({ bytes, encoding }: MalformedBody, draw: Draw): MalformedBody {
  return { bytes: bytes.subarray(0, draw.below(bytes.length)), encoding };
}
