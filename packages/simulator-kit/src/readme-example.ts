import { createClock, createSimulator, listen, respond } from '@braze-mixpanel/simulator-kit';

/** A vendor that keeps notes for one day. */
export async function example() {
  const clock = createClock();
  const notes = new Map<string, string>();
  const simulator = createSimulator({
    name: 'mock-notes',
    clock,
    routes: [
      {
        id: 'write',
        method: 'POST',
        path: '/notes/:name',
        rules: [{ rule: 'a note lasts a day', source: { from: 'the vendor, "Notes"', seen: '2026' } }],
        handle: ({ params: { name = '' }, body }) => {
          notes.set(name, new TextDecoder().decode(body));
          clock.schedule(clock.now() + 86_400_000, () => void notes.delete(name), `end of note ${name}`);
          return respond(201, { written: name }, { rule: 'a note lasts a day' });
        },
      },
    ],
    state: {
      get: () => Object.fromEntries(notes),
      put: state =>
        Object.entries(state as Record<string, string>).forEach(([name, text]) => void notes.set(name, text)),
      reset: () => notes.clear(),
    },
    vendor: {
      notFound: () => respond(404, { message: 'no such page' }),
      wrongMethod: (_, allowed) =>
        respond(405, { message: 'not so' }, { headers: { allow: allowed.join(', ') } }),
      bodyOf: status => ({ message: `status ${status}` }),
    },
  });

  await using server = await listen(simulator);
  const post = (path: string, body: unknown) =>
    fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) });

  await post('/_sim/faults', { route: 'write', kind: 'lost-answer', times: 1 });
  const lost = await post('/notes/shopping', 'milk').catch(() => 'the answer was lost');
  const kept = [...notes.keys()];
  await post('/_sim/clock', { advance: '1 day' });
  const later = [...notes.keys()];
  return { lost, kept, later };
}
