import { unusableEndpoint } from '../config/tracing-endpoint.ts';

/**
 * Starts OpenTelemetry tracing if `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is
 * set to an address. Otherwise loads and sends nothing.
 *
 * Resource attributes come from the environment only, because command lines may contain secrets.
 * `OTEL_NODE_RESOURCE_DETECTORS` enables further detectors.
 */
export async function collectTraces(): Promise<{ stop(): Promise<void> } | undefined> {
  const { env } = process;
  const wanted = env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (!wanted || env.OTEL_TRACES_EXPORTER === 'none' || unusableEndpoint(env) !== undefined) return undefined;
  if (!/(^|,)\s*service\.name=/.test(env.OTEL_RESOURCE_ATTRIBUTES ?? ''))
    env.OTEL_SERVICE_NAME ??= 'braze-mixpanel';
  env.OTEL_NODE_RESOURCE_DETECTORS ??= 'env';
  const { startTracing } = await import('../tracing/tracing.ts');
  return startTracing();
}
