import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const member = {
  ...{ state: 'unmatched', leaving: false, kind: 'distinct_id', id: 'ada', label: null },
  ...{ because: 'no_user', sentAt: null, readAt: null, message: null },
};
const page = {
  ...{ run: 7, report: null, members: [member], next: 'second' },
  ...{ readBack: null, readBackWhy: null, unknownIn: null },
};
const failure = {
  error: { code: 'cohort_replica_away', message: 'The replica does not respond. Send it again.' },
};

/** Output of `members --csv` of a service that fails at the first or the second page. */
async function csvFailingAt(failing: 'first' | 'second') {
  const server = createServer(async (request, response) => {
    const { after = 'first' } = JSON.parse(await text(request)) as { after?: string };
    const fails = after === failing;
    response.writeHead(fails ? 503 : 200).end(JSON.stringify(fails ? failure : page));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const environment = { PORT: String(port), ADMIN_TOKEN: 'test-admin-token' };
  const { stdout, stderr, child } = await ServiceProcess.run(
    environment,
    ...['cohorts', 'members', '12345', '--csv'],
  );
  server.closeAllConnections();
  await once(server.close(), 'close');
  return { stdout, stderr, code: child.exitCode };
}

it('members as CSV are no output at all where the first page fails', async () => {
  expect(await csvFailingAt('first')).toEqual({ stdout: [], stderr: `${failure.error.message}\n`, code: 1 });
});

it('members as CSV keep the pages that were read where a later one fails, and end with the error', async () => {
  expect(await csvFailingAt('second')).toEqual({
    stdout: [
      'run,state,leaving,kind,id,label,because,sent_at,read_at,message',
      '7,unmatched,false,distinct_id,ada,,no_user,,,',
    ],
    stderr: `${failure.error.message}\n`,
    code: 1,
  });
});
