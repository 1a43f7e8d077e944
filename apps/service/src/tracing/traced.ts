import { type Attributes, type Link, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

export interface SpanNotes {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: Link[];
}

/**
 * Runs `work` as one span, a child of the active one; without a collector, only `work` runs. An error of
 * `work` fails the span with its class alone: a message may contain a vendor's text.
 */
export function traced<T>(name: string, notes: SpanNotes, work: (span: Span) => Promise<T>): Promise<T> {
  const { kind = SpanKind.INTERNAL, attributes = {}, links = [] } = notes;
  return trace.getTracer('braze-mixpanel').startActiveSpan(name, { kind, attributes, links }, async span => {
    try {
      return await work(span);
    } catch (error) {
      failed(span, error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Marks a span as failed; `type` is an error code, an HTTP status or the name of a class. */
export function failed(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
