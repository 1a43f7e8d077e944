import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource, refuseMissingClient } from '../open-source.ts';
import { parseBucketAddress } from './bucket-address.ts';

describe('the address of a bucket', () => {
  it.each([
    ['s3://b', 's3://b', '', 'b', ''],
    ['s3://b/', 's3://b', '', 'b', ''],
    ['s3://my.bucket/a/b//', 's3://my.bucket/a/b', '', 'my.bucket', 'a/b/'],
    ['gs://b_1/a', 'gs://b_1/a', '', 'b_1', 'a/'],
    ['azblob://acc/con', 'azblob://acc/con', 'acc', 'con', ''],
    ['AZBLOB://acc/$web/a b/', 'azblob://acc/$web/a b', 'acc', '$web', 'a b/'],
  ])('%s has an account, a bucket and a prefix', (text, address, account, bucket, prefix) => {
    const scheme = text.slice(0, text.indexOf(':')).toLowerCase() as 's3';
    expect(parseBucketAddress(scheme, text)).toMatchObject({ address, account, bucket, prefix });
  });

  it.each([
    's3:bucket',
    's3://',
    's3:///prefix',
    'gs://',
    'azblob://account',
    'azblob://account/',
    's3://key:hidden@bucket/prefix',
    'azblob://account/container?sig=hidden',
    'azblob://account/container/prefix?sig=hidden',
  ])('%s is refused with a sentence that does not repeat it', async text => {
    await expect(openSource(text)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^The address of the files is not of the form [a-z0-9]+:\/\/\S+\. /),
    });
    await expect(openSource(text)).rejects.not.toThrow('hidden');
  });

  it('is the same address again when it is parsed twice', () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{2,10}$/);
    fc.assert(
      fc.property(part, fc.array(part), fc.nat(2), (bucket, folders, slashes) => {
        const text = `s3://${[bucket, ...folders].join('/')}${'/'.repeat(slashes)}`;
        const parsed = parseBucketAddress('s3', text);
        expect(parseBucketAddress('s3', parsed.address)).toEqual(parsed);
      }),
    );
  });
});

describe('a client that is not installed', () => {
  it('is named with the command that installs it', async () => {
    const missing = await import(`@absent/${'client'}`).catch((error: unknown) => error);
    const message =
      missing instanceof Error && 'code' in missing && missing.code === 'ERR_MODULE_NOT_FOUND'
        ? missing.message
        : "Cannot find package '@absent/client' imported from /app/main.mjs";
    const error = Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
    expect(() => refuseMissingClient(error)).toThrow(
      'The package @absent/client, which these files need, is not installed. Run npm ci, or npm install @absent/client.',
    );
  });

  it('is named in a program that loads it by require', () => {
    const message = "Cannot find module '@absent/client'\nRequire stack:\n- /app/main.cjs";
    const error = Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
    expect(() => refuseMissingClient(error)).toThrow('The package @absent/client, which');
  });

  it('is not taken for another error', () => {
    expect(() => refuseMissingClient(new RangeError('other'))).toThrow(RangeError);
  });
});
