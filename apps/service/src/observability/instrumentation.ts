import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Journal, LeasedBatch } from '@braze-mixpanel/storage';
import { context, propagation, type SpanContext, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Router } from 'express';
import type { Logger } from 'pino';
import { batchId } from '../events/body/batch-id.ts';
import type { ImportClient } from '../events/delivery/import-client.ts';
import { failed, traced } from '../tracing/traced.ts';
import { Latencies } from './history/latencies.ts';
import { ServiceMetrics } from './metrics/service-metrics.ts';
import type { ServiceStatus } from './status.ts';
import type { StorageSpace } from './storage-space.ts';

export interface ObservationOptions {
  readonly logger: Logger;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** A request of Braze ended; `answer` as in the metrics. */
  readonly onAnswer?: (connection: string, answer: string) => void;
}

/** Time-out for storage during a scrape, in milliseconds: below the 10 s time-out of Prometheus. */
const scrapePatienceMs = 5_000;
/** Limit of remembered spans of batches, which link a delivery to the batches in it. */
const mostRemembered = 10_000;

/**
 * Decorators at the borders of the service that add metrics, traces and log lines with a batch's id. The
 * decorated code is not aware of them and behaves the same without them. Batch ids are computed only if a
 * trace or a log line needs them.
 */
export class Instrumentation {
  readonly metrics = new ServiceMetrics();
  readonly latencies = new Latencies();
  readonly #logger: Logger;
  readonly #monotonic: () => number;
  readonly #onAnswer: (connection: string, answer: string) => void;
  /** Ids of the batches that the present delivery unit is made of. */
  readonly #unit = new AsyncLocalStorage<readonly string[]>();
  readonly #spans = new Map<string, SpanContext>();

  constructor({ logger, monotonic, onAnswer = () => undefined }: ObservationOptions) {
    this.#onAnswer = onAnswer;
    this.#logger = logger;
    this.#monotonic = monotonic;
  }

  /**
   * The response to a scrape. If storage fails or is late, its values are left out, so that an outage of
   * storage stays visible in the other metrics.
   */
  async scraped(
    status: () => Promise<ServiceStatus>,
    space: () => Promise<StorageSpace | undefined>,
  ): Promise<{ type: string; text: string }> {
    const late = pause<undefined>(scrapePatienceMs, undefined, { ref: false });
    const inTime = <T>(value: Promise<T>) => Promise.race([value, late]).catch(() => undefined);
    const [current, free] = await Promise.all([inTime(status()), inTime(space())]);
    return this.metrics.render(current, free);
  }

  /**
   * Middleware for the Currents routes. The `connection` label is the configured name, or empty for an
   * unknown connection.
   */
  currents(isConnection: (name: string) => boolean): Router {
    const router = Router();
    router.post(['/currents', '/currents/:connection'], (request, response, next) => {
      const began = this.#monotonic();
      const name = String(request.params.connection ?? 'default');
      const connection = isConnection(name) ? name : '';
      const parent = propagation.extract(context.active(), request.headers);
      const span = trace.getTracer('braze-mixpanel').startSpan(
        'POST /currents',
        {
          kind: SpanKind.SERVER,
          attributes: { 'http.request.method': 'POST', 'http.route': '/currents/:connection', connection },
        },
        parent,
      );
      response.once('close', () => {
        const answer = response.writableFinished ? String(response.locals.error ?? 'accepted') : 'aborted';
        const seconds = this.#seconds(began);
        this.metrics.currents(connection, answer, seconds);
        if (answer === 'accepted') this.latencies.add(connection, 'acknowledgement', seconds * 1_000);
        this.#onAnswer(connection, answer);
        span.setAttribute('http.response.status_code', response.statusCode);
        if (answer !== 'accepted') failed(span, answer);
        span.end();
      });
      context.with(trace.setSpan(parent, span), next);
    });
    return router;
  }

  /** The journal that batches are accepted into. */
  journal(journal: Pick<Journal, 'append'>): Pick<Journal, 'append'> {
    return {
      append: batch => {
        const { connection, receivedAt, events } = batch;
        return traced('append', { attributes: { connection, events } }, async span => {
          // Before `append`, which transfers the body.
          const id = this.#reads(span.isRecording()) ? batchId(batch.body) : undefined;
          const appended = await journal.append(batch);
          this.metrics.batch(connection, receivedAt);
          if (id === undefined) return appended;
          span.setAttribute('batch', id);
          if (span.isRecording()) this.#remember(id, span.spanContext());
          this.#logger.debug({ connection, batch: id, events }, 'batch accepted');
          return appended;
        });
      },
    };
  }

  /** One unit of delivery, from rows to outcome. */
  unit<T>(connection: string, rows: readonly LeasedBatch[], work: () => Promise<T>): Promise<T> {
    return traced('deliver', { attributes: { connection } }, span => {
      if (!this.#reads(span.isRecording())) return work();
      const batches = rows.map(({ body }) => batchId(body));
      span.setAttribute('batch', batches);
      const links = batches.map(id => this.#spans.get(id)).filter(known => known !== undefined);
      span.addLinks(links.map(known => ({ context: known })));
      return this.#unit.run(batches, work);
    });
  }

  /** Requests to `/import` of one connection. */
  imports(connection: string, send: ImportClient): ImportClient {
    return (events, signal) =>
      traced(
        'POST /import',
        {
          kind: SpanKind.CLIENT,
          attributes: { 'http.request.method': 'POST', connection, events: events.length },
        },
        async span => {
          const began = this.#monotonic();
          const exchange = await send(events, signal);
          const answer = exchange.kind === 'lost' ? 'lost' : String(exchange.status);
          const seconds = this.#seconds(began);
          this.metrics.imported(connection, answer, seconds);
          this.latencies.add(connection, 'import', seconds * 1_000);
          if (exchange.kind === 'answered') span.setAttribute('http.response.status_code', exchange.status);
          if (answer !== '200') failed(span, answer);
          const batch = this.#unit.getStore();
          if (batch)
            this.#logger.debug({ connection, batch, events: events.length, answer, seconds }, 'imported');
          return exchange;
        },
      );
  }

  /** Requests about cohorts of one connection; their path identifies the vendor. */
  cohorts(connection: string, fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const vendor = pathname.startsWith('/api/') ? 'mixpanel' : 'braze';
      const attributes = { 'http.request.method': 'POST', 'url.path': pathname, connection };
      return traced(`POST ${pathname}`, { kind: SpanKind.CLIENT, attributes }, async span => {
        const began = this.#monotonic();
        let answer = 'lost';
        try {
          const response = await fetch(input, init);
          answer = String(response.status);
          span.setAttribute('http.response.status_code', response.status);
          if (!response.ok) span.setStatus({ code: SpanStatusCode.ERROR });
          return response;
        } finally {
          this.metrics.cohortRequest(connection, vendor, answer, this.#seconds(began));
        }
      });
    };
  }

  #seconds(began: number): number {
    return (this.#monotonic() - began) / 1_000;
  }

  /** Whether batch ids are needed: for a collected trace or a debug log. */
  #reads(collected: boolean): boolean {
    return collected || this.#logger.isLevelEnabled('debug');
  }

  #remember(id: string, span: SpanContext): void {
    this.#spans.set(id, span);
    const [oldest] = this.#spans.keys();
    if (this.#spans.size > mostRemembered && oldest !== undefined) this.#spans.delete(oldest);
  }
}
