import { SourceError } from '@braze-mixpanel/currents-files';
import { expect, it } from 'vitest';
import { sentenceOf } from './failure.ts';

it('A failed back-fill says whose credentials are missing, since those of the command do not count', () => {
  const text = sentenceOf(
    new SourceError('credentials', 'No usable credentials for s3://b were found (x). Set y.'),
  );
  expect(text).toMatch(
    /^No usable credentials for s3:\/\/b were found \(x\)\. Set y\. The service reads the files/,
  );
  expect(sentenceOf(new SourceError('missing', 'There is no s3://b.'))).toBe('There is no s3://b.');
});

it('A failed back-fill says nothing of an error of this program', () => {
  expect(sentenceOf(new TypeError('x.y is undefined'))).toMatch(/^An error of this program/);
});
