import { controlClient } from '@braze-mixpanel/simulator-kit/client';
import { blockVendors } from '@braze-mixpanel/simulator-kit/vendors';

/** A test of `send`, the code under test, against a simulator at `url`, in this or another process. */
export async function sendsAgainAfterAnOutage(url: string, send: () => Promise<unknown>) {
  // A connection to mixpanel.com, braze.com or braze.eu fails, and this block then ends with an error.
  using _vendors = blockVendors();
  const control = controlClient(url);
  await control.reset();
  await control.faults.add({ route: 'import', kind: 'status', status: 503, for: '10m' });
  await send();
  await control.clock.advance('10m');
  await send();
  await control.verify({ route: 'import', status: 503, count: 1 });
  return control.verify({ route: 'import', status: 200, body: [{ event: 'Email Send' }] });
}
