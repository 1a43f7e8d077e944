import { context, propagation, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * Collects traces and sends them to the address in the standard variables of OpenTelemetry, which the SDK
 * reads by itself. This module is large, so it is loaded only where traces are collected. Metrics and logs do
 * not use it.
 */
export function startTracing(): { stop(): Promise<void> } {
  const sdk = new NodeSDK({ instrumentations: [], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  return {
    /**
     * Sends the remaining spans; an unreachable collector does not keep the process alive, since the exporter
     * has a time-out.
     */
    async stop() {
      await sdk.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
