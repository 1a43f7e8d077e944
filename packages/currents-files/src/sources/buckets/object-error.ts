import { gone, SourceError } from '../file-source.ts';
import type { BucketAddress } from './bucket-address.ts';
import type { ObjectStore, VendorError } from './object-store.ts';

/**
 * Codes by their meaning, where the status is not enough.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (read 2026-11-26)
 * @see https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes (read 2026-11-26)
 * @see https://cloud.google.com/storage/docs/json_api/v1/status-codes (read 2026-11-26)
 */
const meanings = {
  noBucket: ['NoSuchBucket', 'ContainerNotFound', 'ContainerBeingDeleted'],
  archived: ['InvalidObjectState', 'BlobArchived', 'BlobBeingRehydrated'],
  noCredentials: [
    ...['CredentialsProviderError', 'CredentialUnavailableError', 'AggregateAuthenticationError'],
    ...['NoCredentials', 'UnreadableCredentials'],
  ],
  credentials: [
    ...['ExpiredToken', 'ExpiredTokenException', 'InvalidToken', 'TokenRefreshRequired'],
    ...['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'RequestTimeTooSkewed'],
    ...['AuthenticationFailed', 'AuthenticationError', 'AuthenticationRequiredError'],
    ...['invalid_grant', 'invalid_client'],
  ],
} as const;

type Meaning = keyof typeof meanings | 'behindEnd' | 'missing' | 'changed' | 'refused' | 'unavailable';

function meaningOf({ status, code }: VendorError): Meaning {
  for (const [meaning, codes] of Object.entries(meanings))
    if ((codes as readonly string[]).includes(code)) return meaning as Meaning;
  switch (status) {
    case 401:
      return 'credentials';
    case 403:
      return 'refused';
    case 404:
      return 'missing';
    case 412:
      return 'changed';
    case 416:
      return 'behindEnd';
    default:
      return 'unavailable';
  }
}

const textOf = ({ status, code }: VendorError): string =>
  [...new Set([status === undefined ? '' : String(status), code])].filter(Boolean).join(' ') || 'no answer';

/** The error of a list request. The client's own error is not its cause: it may hold headers of the request. */
export function listError(error: unknown, store: ObjectStore, at: BucketAddress): SourceError {
  if (error instanceof SourceError) return error;
  const answer = store.errorOf(asError(error));
  const text = textOf(answer);
  switch (meaningOf(answer)) {
    case 'noBucket':
    case 'missing':
      return new SourceError('missing', `There is no ${at.bucketAddress} (${text}). Check the address.`);
    case 'refused':
      return new SourceError(
        'refused',
        `No permission to list ${at.address} (${text}). Grant ${store.guidance.listRight}.`,
      );
    case 'noCredentials':
    case 'credentials':
      return new SourceError('credentials', credentialsText(at.address, answer, store.guidance.credentials));
    default:
      return new SourceError(
        'unavailable',
        `${at.address} cannot be listed at present (${text}).${unreached(answer)}`,
      );
  }
}

/**
 * The error of reading one object. Where all objects would fail in the same way (no bucket, credentials that
 * expired) it is `unavailable`, so that none of them is passed over.
 *
 * @returns `undefined` where the position is behind the end
 */
export function objectError(
  error: unknown,
  store: ObjectStore,
  at: BucketAddress,
  object: string,
): SourceError | undefined {
  if (error instanceof SourceError) return error;
  const answer = store.errorOf(asError(error));
  const text = textOf(answer);
  const meaning = meaningOf(answer);
  switch (meaning) {
    case 'behindEnd':
      return undefined;
    case 'missing':
    case 'changed':
      return gone(meaning, object);
    case 'archived':
      return new SourceError('refused', `${object} is archived (${text}). Restore it, then start again.`);
    case 'refused':
      return new SourceError(
        'refused',
        `No permission to read ${object} (${text}). Grant ${store.guidance.readRight}.`,
      );
    case 'noBucket':
      return new SourceError('unavailable', `${at.bucketAddress} is gone (${text}); ${object} was not read.`);
    case 'noCredentials':
    case 'credentials':
      return new SourceError('unavailable', credentialsText(object, answer, store.guidance.credentials));
    default:
      return new SourceError('unavailable', `${object} cannot be read at present (${text}).`);
  }
}

/** What to check where no answer arrived. */
const unreached = ({ status }: VendorError): string =>
  status === undefined ? ' Its server could not be reached: check the network and any proxy.' : '';

/**
 * The error of writing one object. `unavailable` where it may pass; everything else stays so until an operator
 * changes the bucket, its rights or the settings.
 *
 * @param credentials where they come from, as a sentence
 */
export function writeError(
  error: unknown,
  errorOf: ObjectStore['errorOf'],
  at: BucketAddress,
  object: string,
  { right, credentials }: { readonly right: string; readonly credentials: string },
): SourceError {
  if (error instanceof SourceError) return error;
  const answer = errorOf(asError(error));
  const text = textOf(answer);
  switch (meaningOf(answer)) {
    case 'noBucket':
    case 'missing':
      return new SourceError(
        'missing',
        `There is no ${at.bucketAddress} (${text}). Create the bucket, or correct the address or the endpoint.`,
      );
    case 'refused':
      return new SourceError('refused', `No permission to write ${object} (${text}). Grant ${right}.`);
    case 'noCredentials':
    case 'credentials':
      return new SourceError('credentials', credentialsText(object, answer, credentials));
    default:
      return new SourceError(
        'unavailable',
        `${object} cannot be written at present (${text}).${unreached(answer)}`,
      );
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error('unknown error'));

const credentialsText = (what: string, answer: VendorError, remedy: string): string =>
  meaningOf(answer) === 'noCredentials'
    ? `No usable credentials for ${what} were found (${textOf(answer)}). ${remedy}`
    : `The credentials for ${what} are missing, wrong or expired (${textOf(answer)}). ${remedy}`;
