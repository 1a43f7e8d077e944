import type { ComponentChildren } from 'preact';
import { usePolled } from '../api/use-polled.ts';
import { Refusal } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import type { Server } from './about.ts';

const viewerOnly = 'A viewer token can only read. Sign in with an admin token to act.';

/** Disables the actions of its content, with the reason, where the token of the service can only read. */
export function Access({ server, children }: { server: Server; children: ComponentChildren }) {
  const path = server.kind === 'service' ? 'api/access' : undefined;
  const { data } = usePolled<{ role: string }>(server, path, 60_000);
  const refusal = data?.role === 'viewer' ? viewerOnly : undefined;
  return (
    <Refusal value={refusal}>
      {refusal !== undefined && (
        <p class="line">
          <Chip tone="plain">Viewer</Chip>
          <span class="quiet">{refusal}</span>
        </p>
      )}
      {children}
    </Refusal>
  );
}
