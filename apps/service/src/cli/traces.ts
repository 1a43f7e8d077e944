/**
 * Starts to collect traces where `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` is set. Nothing else decides it,
 * so without them nothing is loaded and nothing is sent.
 *
 * Of what the SDK could tell about the machine only what the variables say is told: command lines may hold what is nobody's
 * business. `OTEL_NODE_RESOURCE_DETECTORS` asks for more.
 */
export async function collectTraces(): Promise<{ stop(): Promise<void> } | undefined> {
  const { env } = process;
  const wanted = env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (!wanted || env.OTEL_TRACES_EXPORTER === 'none') return undefined;
  if (!/(^|,)\s*service\.name=/.test(env.OTEL_RESOURCE_ATTRIBUTES ?? ''))
    env.OTEL_SERVICE_NAME ??= 'braze-mixpanel';
  env.OTEL_NODE_RESOURCE_DETECTORS ??= 'env';
  const { startTracing } = await import('../tracing/tracing.ts');
  return startTracing();
}
