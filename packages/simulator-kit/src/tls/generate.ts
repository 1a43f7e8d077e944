import { createPrivateKey, KeyObject, randomBytes, webcrypto } from 'node:crypto';

type Library = typeof import('@peculiar/x509');
type Extensions = (library: Library) => InstanceType<Library['Extension']>[];

export interface CertificateRequest {
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: Extensions;
  /** In PEM; without an issuer the certificate is self-signed. */
  readonly issuer?: { readonly key: string; readonly cert: string };
}

const elliptic = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/**
 * A new key and its certificate, in PEM. The library is loaded on the first use, since loading it takes
 * longer than the rest of a start.
 */
export async function generate(request: CertificateRequest): Promise<{ key: string; cert: string }> {
  const library = await load();
  const { commonName, issuer, extensions, ...validity } = request;
  const keys = await webcrypto.subtle.generateKey(elliptic, true, ['sign', 'verify']);
  const subject = `CN="${commonName}"`;
  const certificate = await library.X509CertificateGenerator.create({
    ...validity,
    subject,
    issuer: issuer ? new library.X509Certificate(issuer.cert).subject : subject,
    // Positive, as RFC 5280 requires.
    serialNumber: `01${randomBytes(8).toString('hex')}`,
    publicKey: keys.publicKey,
    signingKey: issuer ? await signingKey(issuer.key) : keys.privateKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: extensions(library),
  });
  return {
    key: `${KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })}`,
    cert: `${certificate.toString('pem').trim()}\n`,
  };
}

/** In a bundle, a CommonJS package may have its exports under `default` only. */
async function load(): Promise<Library> {
  const loaded: Library & { readonly default?: Library } = await import('@peculiar/x509');
  return loaded.default ?? loaded;
}

async function signingKey(pem: string) {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, elliptic, false, ['sign']);
}
