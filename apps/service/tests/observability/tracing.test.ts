import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { emails } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: unknown }[] };
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

let collector: Server;
let received: string[];
let exports: Export[];
let environment: Record<string, string>;
const spans = () =>
  exports
    .flatMap(each => each.resourceSpans)
    .flatMap(each => each.scopeSpans)
    .flatMap(each => each.spans);
const named = (name: string) => spans().filter(span => span.name === name);
const attribute = (span: ReceivedSpan, key: string) => span.attributes.find(each => each.key === key)?.value;

beforeEach(async () => {
  received = [];
  exports = [];
  collector = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    received.push(text);
    exports.push(JSON.parse(text) as Export);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '20',
  };
});
afterEach(async () => {
  collector.closeAllConnections();
  collector.close();
  await once(collector, 'close');
});

it('a batch is one trace from its receipt to storage, and its delivery links to it', async () => {
  await using mixpanel = await FakeMixpanel.start();
  const { process, url } = await ServiceProcess.serve({
    ...environment,
    PORT: '0',
    LOG_LEVEL: 'debug',
    STORAGE_URL: 'sqlite::memory:',
    CURRENTS_TOKEN: 'secret-currents-token',
    MIXPANEL_TOKEN: 'secret-project-token',
    MIXPANEL_API_URL: mixpanel.url,
  });
  await using service = process;
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await fetch(`${url}/currents`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer secret-currents-token',
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    },
    body: JSON.stringify({ events: emails(2) }),
  });
  await vi.waitFor(() => expect(named('POST /import')).toHaveLength(1), { timeout: 10_000 });
  await service.end('SIGTERM');

  const [request] = named('POST /currents');
  const [append] = named('append');
  const [unit] = named('deliver');
  const [sent] = named('POST /import');
  expect(request).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
  expect(append).toMatchObject({ traceId, parentSpanId: request?.spanId });
  expect(unit?.links).toMatchObject([{ traceId, spanId: append?.spanId }]);
  expect(sent).toMatchObject({ traceId: unit?.traceId, parentSpanId: unit?.spanId });

  const { stringValue: batch } = attribute(append!, 'batch') as { stringValue: string };
  expect(attribute(unit!, 'batch')).toEqual({ arrayValue: { values: [{ stringValue: batch }] } });
  const lines = service.stderr.split('\n').filter(line => line.includes(batch));
  expect(lines.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual(
    expect.arrayContaining(['batch accepted', 'imported']),
  );
  const resource = exports[0]!.resourceSpans[0]!.resource.attributes;
  expect(resource.find(({ key }) => key === 'service.name')?.value).toEqual({
    stringValue: 'braze-mixpanel',
  });
  expect(received.join('\n')).not.toMatch(/secret-|customer-/);
});

it('a run of a cohort sync is one trace with its requests inside, and has its outcome', async () => {
  const { process, url } = await ServiceProcess.serve({
    ...environment,
    PORT: '0',
    STORAGE_URL: 'sqlite::memory:',
    MIXPANEL_TOKEN: 'secret-project-token',
    MIXPANEL_WEBHOOK_USERNAME: 'webhook-user',
    MIXPANEL_WEBHOOK_PASSWORD: 'secret-webhook-password',
    BRAZE_REST_URL: 'http://127.0.0.1:1',
    BRAZE_REST_API_KEY: 'secret-rest-key',
    DELIVERY_RETRY_BASE: '1ms',
    DELIVERY_RETRY_MAX: '2ms',
  });
  await using service = process;
  const pushed = await fetch(`${url}/webhooks/mixpanel/default`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('webhook-user:secret-webhook-password')}` },
    body: JSON.stringify({
      action: 'members',
      parameters: {
        ...{ mixpanel_project_id: '1', mixpanel_cohort_name: 'Power users', mixpanel_cohort_id: '12345' },
        ...{ mixpanel_cohort_description: '', mixpanel_session_id: 's1' },
        page_info: { total_pages: 1, page_count: 1 },
        members: [{ email: 'a@example.com', mixpanel_distinct_id: 'customer-1' }],
      },
    }),
  });
  expect(pushed.status).toBe(200);
  await vi.waitFor(() => expect(named('cohort run')).not.toHaveLength(0), { timeout: 15_000 });
  await service.end('SIGTERM');

  const [run] = named('cohort run');
  expect(named('POST /users/track')[0]).toMatchObject({ traceId: run?.traceId, parentSpanId: run?.spanId });
  expect(attribute(run!, 'cohort')).toEqual({ stringValue: '12345' });
  expect(attribute(run!, 'outcome')).toEqual({ stringValue: 'failed' });
  expect(attribute(run!, 'error.type')).toEqual({ stringValue: 'braze_unreachable' });
  expect(received.join('\n')).not.toMatch(/secret-|customer-|Power users/);
});

it('without the standard variables no module of OpenTelemetry but its interface is loaded', async () => {
  await using mixpanel = await FakeMixpanel.start();
  const { process } = await ServiceProcess.serve({
    PORT: '0',
    NODE_DEBUG: 'esm',
    STORAGE_URL: 'sqlite::memory:',
    MIXPANEL_TOKEN: 'secret-project-token',
    MIXPANEL_API_URL: mixpanel.url,
  });
  await using service = process;
  await service.end('SIGTERM');
  const files = new Set(service.stderr.match(/file:\/\/\S+\.mjs/g));
  const code = [...files].map(file => readFileSync(new URL(file), 'utf8')).join('\n');
  // The bundler names the source of each part.
  const loaded = new Set(
    [...code.matchAll(/^\/\/ node_modules\/(@opentelemetry\/[\w-]+)/gm)].map(([, name]) => name),
  );
  expect([...loaded]).toEqual(['@opentelemetry/api']);
  expect(exports).toEqual([]);
}, 40_000);
