import { type Attributes, type Link, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

export interface SpanNotes {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: Link[];
}

/**
 * Does `work` as one span, a child of the one it is done in. Where nobody collects traces, nothing but `work` happens. What `work`
 * throws fails the span under its class alone: a message may hold a vendor's words.
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
