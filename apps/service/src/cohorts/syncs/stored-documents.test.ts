import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CohortError } from '../cohort-error.ts';
import { documentText, documentVersion, readReport, readSync } from './stored-documents.ts';
import { newRecord, newReport } from './sync-record.ts';

/** A record and a history entry as release 0.1 stored them. */
const storedSync = `{"id":"default:7","connection":"default","cohort":"7","mode":"dynamic","source":"query","sink":"partner",
  "intervalMs":7200000,"origin":"api","createdAt":1772323200000,"status":"active","name":"Buyers","due":1772330400000,"failures":0,
  "withoutId":1,"fullList":3,"state":{"known":{"run":4,"members":120,"unmatched":2},"unknown":["e:ada"],"sentInFullAt":1772323200000}}`;
const storedReport = `{"trigger":"schedule","startedAt":1772323200000,"finishedAt":1772323201000,"outcome":"sent","added":2,"removed":1,
  "refused":0,"requests":1,"billedUpdates":0,"fullSend":false,"mixpanelMembers":120,"brazeMembers":120,"unmatched":2}`;

const failure = (read: () => unknown): CohortError => {
  try {
    read();
  } catch (error) {
    if (error instanceof CohortError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('a stored document of a sync', () => {
  it('of an earlier release is read as it was stored', () => {
    expect(readSync('sync:default:7', storedSync)).toEqual(JSON.parse(storedSync));
    expect(readReport('default:7', { id: 1, text: storedReport })).toEqual(JSON.parse(storedReport));
  });

  it('of this release is read as it is written', () => {
    const wanted = { connection: 'default', cohort: '7', mode: 'one-time', origin: 'config' } as const;
    const record = newRecord({ ...wanted, source: 'webhook', sink: 'track', intervalMs: 7_200_000 }, 5);
    expect(readSync('sync:default:7', documentText(record))).toEqual(JSON.parse(JSON.stringify(record)));
    expect(JSON.parse(documentText(record))).toMatchObject({ version: documentVersion });
    const report = { ...newReport('manual', 5), finishedAt: 6 };
    expect(readReport('default:7', { id: 1, text: documentText(report) })).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
  });

  it('keeps fields of a newer release that has not raised the version', () => {
    const extended = { ...JSON.parse(storedSync), colour: { deep: ['kept'] } };
    expect(readSync('sync:default:7', documentText(extended))).toEqual(extended);
  });

  it('of a later version is refused by one sentence that names both versions', () => {
    const text = JSON.stringify({ ...JSON.parse(storedSync), version: documentVersion + 1 });
    const { code, message } = failure(() => readSync('sync:default:7', text));
    expect(code).toBe('cohort_document_newer');
    expect(message).toContain(
      `sync:default:7 has version ${documentVersion + 1}, and this release reads up to ${documentVersion}`,
    );
  });

  it.each([
    '',
    'null',
    '[]',
    '{"id":"default:7"}',
    storedSync.replace('"dynamic"', '"sometimes"'),
    storedSync.replace('{', '{"version":"2",'),
  ])('that is damaged is refused: %j', text => {
    expect(failure(() => readSync('sync:default:7', text)).code).toBe('cohort_document_damaged');
  });

  it('is read or refused, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), text => {
        expect(failure(() => readReport('default:7', { id: 1, text })).code).toMatch(/^cohort_document_/);
      }),
    );
  });
});
