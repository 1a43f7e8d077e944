import { context, propagation, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';

/**
 * Collects traces and sends them where the standard variables of OpenTelemetry say; the SDK reads those by itself. This module is big:
 * it is loaded where traces are asked for, and nowhere else. Metrics and logs have their own ways out.
 */
export function startTracing(): { stop(): Promise<void> } {
  const sdk = new NodeSDK({ instrumentations: [], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
  return {
    /** Sends what is left; a collector that is gone does not keep the process, since the exporter has a time-out. */
    async stop() {
      await sdk.shutdown().catch(() => undefined);
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
