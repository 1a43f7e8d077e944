/**
 * The part of Mixpanel's query API for cohorts, in place of `fetch`; requests to other addresses use the
 * network.
 */
export class FakeQueryApi {
  static readonly origin = 'http://mixpanel.test';
  /** Settings that point a service at it. */
  static readonly environment = {
    MIXPANEL_QUERY_URL: FakeQueryApi.origin,
    MIXPANEL_API_URL: FakeQueryApi.origin,
    MIXPANEL_SERVICE_ACCOUNT: 'account',
    MIXPANEL_SERVICE_SECRET: 'service-secret',
    MIXPANEL_PROJECT_ID: '777',
  };

  readonly cohorts = new Map<string, { name: string; members: Member[] }>();
  /** Requested paths and pages, in order. */
  readonly queries: string[] = [];
  pageSize = 1_000;
  /** Answers the next queries, where it returns a value. */
  meddle: (query: string) => Response | 'network failure' | undefined = () => undefined;
  /** Removes this many results from every page. */
  shorten = 0;
  readonly #sessions = new Map<string, Member[]>();

  put(id: string, members: (string | Member)[], name = `Cohort ${id}`): void {
    const whole = members.map(member =>
      typeof member === 'string' ? { $distinct_id: member, $properties: {} } : member,
    );
    this.cohorts.set(id, { name, members: whole });
  }

  spoil(how: Partial<Pick<FakeQueryApi, 'meddle' | 'shorten'>>): void {
    Object.assign(this, how);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== FakeQueryApi.origin) return fetch(input, init);
    const form = new URLSearchParams(String(init?.body ?? ''));
    const query = url.pathname.endsWith('/list') ? 'list' : `page ${form.get('page') ?? 0}`;
    this.queries.push(query);
    const meddled = this.meddle(query);
    if (meddled === 'network failure') throw new TypeError('fetch failed', { cause: new Error('refused') });
    if (meddled) return meddled;
    return query === 'list' ? this.#list() : this.#page(form);
  };

  /** Ends every session, as Mixpanel does after a while. */
  forgetSessions(): void {
    this.#sessions.clear();
  }

  #list(): Response {
    return Response.json(
      [...this.cohorts].map(([id, { name, members }]) => ({
        ...{ id: Number(id), name, count: members.length },
        ...{ is_visible: 1, description: '', created: '2026-01-01 00:00:00', project_id: 777 },
      })),
    );
  }

  #page(form: URLSearchParams): Response {
    const id = String((JSON.parse(form.get('filter_by_cohort') ?? '{}') as { id?: number }).id);
    const page = Number(form.get('page') ?? 0);
    const session = form.get('session_id') ?? `session-${this.queries.length}`;
    if (page === 0) this.#sessions.set(session, this.cohorts.get(id)?.members ?? []);
    const members = this.#sessions.get(session);
    if (!members) return Response.json({ error: 'session_id is unknown' }, { status: 400 });
    const start = page * this.pageSize;
    const whole = members.slice(start, start + this.pageSize);
    const results = whole.slice(0, whole.length - this.shorten);
    const { pageSize: page_size } = this;
    return Response.json({
      page,
      page_size,
      results,
      session_id: session,
      status: 'ok',
      total: members.length,
    });
  }
}

interface Member {
  $distinct_id: string;
  $properties: Record<string, unknown>;
}
