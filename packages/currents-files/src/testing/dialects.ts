import { type Dialect, modifiedAt, type ServedObject } from './object-server.ts';

const date = new Date(modifiedAt);
const http = date.toUTCString();
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const element = (name: string, text: string | number) => `<${name}>${escaped(String(text))}</${name}>`;
const xml = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>${body}`;
const etag = ({ version }: ServedObject) => `"${version}"`;
const unquoted = (tag: string | undefined) => (tag === undefined ? {} : { version: tag.replaceAll('"', '') });
const firstByte = (range: string | string[] | undefined) =>
  Number(/^bytes=(\d+)-/.exec(String(range))?.[1] ?? 0);

/** Bucket and key of a path, below so many parts. */
function placeOf(url: URL, parts: number): { bucket: string; key?: string } {
  const [bucket = '', ...key] = url.pathname
    .split('/')
    .slice(1 + parts)
    .map(decodeURIComponent);
  return { bucket, ...(key.join('/') !== '' && { key: key.join('/') }) };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (read 2026-11-26) */
export const s3: Dialect = {
  parse: (url, headers) => ({
    ...placeOf(url, 0),
    prefix: url.searchParams.get('prefix') ?? '',
    start: url.searchParams.get('continuation-token') ?? url.searchParams.get('start-after') ?? '',
    isStartIncluded: false,
    from: firstByte(headers.range),
    ...unquoted(headers['if-match']),
  }),
  list: (objects, next) => ({
    type: 'application/xml',
    body: xml(
      `<ListBucketResult>${element('IsTruncated', String(next !== undefined))}${
        next === undefined ? '' : element('NextContinuationToken', next)
      }${objects
        .map(
          object =>
            `<Contents>${element('Key', object.key)}${element('Size', object.bytes.length)}${element(
              'ETag',
              etag(object),
            )}${element('LastModified', date.toISOString())}</Contents>`,
        )
        .join('')}</ListBucketResult>`,
    ),
  }),
  headers: object => ({ etag: etag(object), 'last-modified': http }),
  error: (_, code) => ({
    headers: { 'content-type': 'application/xml' },
    body: xml(`<Error>${element('Code', code)}</Error>`),
  }),
  noBucket: 'NoSuchBucket',
  noObject: 'NoSuchKey',
  changed: { status: 412, code: 'PreconditionFailed' },
};

/** @see https://cloud.google.com/storage/docs/json_api/v1/objects/list (read 2026-11-26) */
export const gcs: Dialect = {
  parse(url, headers) {
    const { searchParams } = url;
    const [, , bucket = '', , ...key] = url.pathname.split('/');
    const token = searchParams.get('pageToken');
    const generation = searchParams.get('generation');
    return {
      bucket,
      ...(key.length > 0 && { key: decodeURIComponent(key.join('/')) }),
      prefix: searchParams.get('prefix') ?? '',
      start: token ?? searchParams.get('startOffset') ?? '',
      isStartIncluded: token === null,
      from: firstByte(headers.range),
      ...(generation !== null && { version: generation }),
    };
  },
  list: (objects, next) => ({
    type: 'application/json',
    body: JSON.stringify({
      items: objects.map(({ key, bytes, version }) => ({
        name: key,
        size: String(bytes.length),
        generation: String(version),
        updated: date.toISOString(),
      })),
      nextPageToken: next,
    }),
  }),
  headers: ({ version }) => ({ 'x-goog-generation': String(version) }),
  error: (status, code) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      error: {
        code: status,
        message: code === 'noBucket' ? 'The specified bucket does not exist.' : code,
        errors: [{ reason: code === 'noBucket' ? 'notFound' : code }],
      },
    }),
  }),
  noBucket: 'noBucket',
  noObject: 'notFound',
  // An older generation is not found.
  changed: { status: 404, code: 'notFound' },
};

/** @see https://learn.microsoft.com/rest/api/storageservices/list-blobs (read 2026-11-26) */
export const azure: Dialect = {
  parse: (url, headers) => ({
    ...placeOf(url, 1),
    prefix: url.searchParams.get('prefix') ?? '',
    start: url.searchParams.get('marker') ?? '',
    isStartIncluded: false,
    from: firstByte(headers['x-ms-range'] ?? headers.range),
    ...unquoted(headers['if-match']),
  }),
  list: (objects, next) => ({
    type: 'application/xml',
    body: xml(
      `<EnumerationResults><Blobs>${objects
        .map(
          object =>
            `<Blob>${element('Name', object.key)}<Properties>${element('Last-Modified', http)}${element(
              'Etag',
              object.version,
            )}${element('Content-Length', object.bytes.length)}</Properties></Blob>`,
        )
        .join('')}</Blobs>${element('NextMarker', next ?? '')}</EnumerationResults>`,
    ),
  }),
  headers: object => ({ etag: etag(object), 'last-modified': http, 'x-ms-blob-type': 'BlockBlob' }),
  error: (_, code) => ({
    headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
    body: xml(`<Error>${element('Code', code)}</Error>`),
  }),
  noBucket: 'ContainerNotFound',
  noObject: 'BlobNotFound',
  changed: { status: 412, code: 'ConditionNotMet' },
};
