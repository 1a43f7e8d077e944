import type { SimAnswer } from '@braze-mixpanel/simulator-kit';
import { drawing } from '../fuzz/draw.ts';

type Respond = Extract<SimAnswer, { kind: 'respond' }>;

const page = '<html><head><title>Gateway</title></head><body><h1>Try later</h1></body></html>';
const xml = '<?xml version="1.0"?><Error><Code>EntityTooLarge</Code></Error>';
const html = { 'content-type': 'text/html' };

const pages: readonly Respond[] = [
  ...[200, 400, 402, 403, 413, 413, 413, 502].map(status => ({ status, body: page, headers: html })),
  ...[200, 400, 413].map(status => ({ status, body: xml, headers: { 'content-type': 'application/xml' } })),
  ...[200, 204, 400, 413].map(status => ({ status, body: '', headers: html })),
].map(each => ({ kind: 'respond', ...each }));

/** Answers that contradict the outcome of an import. */
const contradictions: readonly ((imported: number) => unknown)[] = [
  imported => ({ code: 200, num_records_imported: imported + 1, status: 'OK' }),
  imported => ({ code: 200, num_records_imported: imported - 1, status: 'OK' }),
  imported => ({ code: 200, num_records_imported: imported, failed_records: [{ index: 0 }], status: 'OK' }),
  imported => ({ code: 200, num_records_imported: imported, error: 'some data points failed', status: 'OK' }),
  () => ({ code: 200, num_records_imported: -1, status: 'OK' }),
];

/**
 * A gateway in front of Mixpanel that answers in its place: with an HTML page, whether or not it forwarded
 * the request, or with a count that contradicts the import.
 */
export function gateway(random: () => number): (handOn: () => Promise<SimAnswer>) => Promise<SimAnswer> {
  const draw = drawing(random);
  return async handOn => {
    const handsOn = draw.chance(0.5);
    const answer = handsOn ? await handOn() : undefined;
    if (draw.chance(0.5) || answer?.kind !== 'respond' || answer.status !== 200) return draw.of(pages);
    const { num_records_imported: imported } = answer.body as { num_records_imported: number };
    return { kind: 'respond', status: 200, body: draw.of(contradictions)(imported) };
  };
}
