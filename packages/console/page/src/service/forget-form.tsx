import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { usePolled } from '../api/use-polled.ts';
import type { Server } from '../app/about.ts';
import { routeOf } from '../app/routes.ts';
import { Action } from '../parts/action.tsx';
import { Input } from '../parts/fields.tsx';
import { removal, useRemoval } from './removal.ts';
import { RemovalProgress } from './removal-progress.tsx';

/**
 * Removes a user, once the ID was typed twice. The ID is in the body of the request and in these fields only, until the
 * removal is stored.
 */
export function ForgetForm({ server }: { server: Server }) {
  const [externalId, setExternalId] = useState('');
  const [again, setAgain] = useState('');
  const [vendors, setVendors] = useState(false);
  const [, navigate] = useLocation();
  const { reload } = usePolled<unknown>(server, undefined);
  const isRunning = useRemoval()?.kind === 'running';
  const isShown = useRef(true);
  useEffect(
    () => () => {
      isShown.current = false;
      // An outcome that was shown here is not news at the next visit.
      removal.clear();
    },
    [],
  );
  const forget = async () => {
    const receipt = await removal.start(server, { externalId, vendors });
    await reload();
    if (receipt === undefined || !isShown.current) return undefined;
    setExternalId('');
    setAgain('');
    navigate(routeOf(server.name, 'forgotten', receipt));
    return undefined;
  };
  return (
    <form class="card" onSubmit={event => event.preventDefault()}>
      <p class="quiet">
        Permanently removes a user from everything that this service stores, and skips their later events.
        First delete the user in Braze: this service never does.
      </p>
      <div class="row form">
        <Input label="External ID" isWide value={externalId} onValue={setExternalId} />
        <Input label="External ID again, to confirm" isWide value={again} onValue={setAgain} />
        <label class="check">
          <input
            type="checkbox"
            checked={vendors}
            onChange={event => setVendors(event.currentTarget.checked)}
          />
          Delete in Mixpanel, too
        </label>
        <Action look="danger" run={forget} disabled={isRunning || externalId === '' || again !== externalId}>
          Forget the user
        </Action>
      </div>
      {again !== '' && again !== externalId && (
        <p class="quiet" role="status">
          The two IDs are not equal.
        </p>
      )}
      <RemovalProgress server={server} />
    </form>
  );
}
