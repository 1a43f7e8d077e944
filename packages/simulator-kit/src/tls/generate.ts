type Library = typeof import('selfsigned');

/**
 * Makes a certificate. The library is loaded when somebody asks for TLS, since that takes longer than all the rest of a start. It is a
 * CommonJS package: in a bundle its exports stand under `default` alone.
 */
export async function generate(...parameters: Parameters<Library['generate']>) {
  const loaded: Library & { readonly default?: Library } = await import('selfsigned');
  return (loaded.default ?? loaded).generate(...parameters);
}
