import type { Fault } from './gather.ts';

const endpoints = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

/**
 * A warning if the address for traces is not one. The variable is a standard of OpenTelemetry and no setting,
 * so the service starts without tracing. With gRPC an address needs no scheme.
 */
export function unusableEndpoint(
  environment: Readonly<Record<string, string | undefined>>,
): Fault | undefined {
  const name = endpoints.find(each => environment[each]);
  const protocol = environment.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || environment.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (name === undefined || protocol === 'grpc' || environment.OTEL_TRACES_EXPORTER === 'none')
    return undefined;
  if (/^https?:$/.test(URL.parse(environment[name] ?? '')?.protocol ?? '')) return undefined;
  return {
    setting: name,
    message:
      'is not an http or https address, so no traces are sent. Set an address such as http://127.0.0.1:4318.',
  };
}
