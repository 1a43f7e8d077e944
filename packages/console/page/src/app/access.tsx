import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { token } from '../api/token.ts';
import { usePolled } from '../api/use-polled.ts';
import { Refusal } from '../parts/action.tsx';
import { Chip } from '../parts/chip.tsx';
import { Problem, Said } from '../parts/loaded.tsx';
import type { Server } from './about.ts';

const viewerOnly = 'A viewer token can only read. Sign in with an admin token to act.';

/**
 * Says that the service refuses the token, whatever the view needs it for. Disables the actions of its content, with
 * the reason, where the token can only read.
 */
export function Access({ server, children }: { server: Server; children: ComponentChildren }) {
  const path = server.kind === 'service' ? 'api/access' : undefined;
  const { data } = usePolled<{ role: string }>(server, path, 60_000);
  const [refused, setRefused] = useState(token.refusal);
  useEffect(() => token.subscribe(() => setRefused(token.refusal())), []);
  const said = path === undefined ? undefined : refused;
  const refusal = data?.role === 'viewer' ? viewerOnly : undefined;
  return (
    <Refusal value={refusal}>
      {said !== undefined && <Problem>{said}</Problem>}
      {refusal !== undefined && (
        <p class="line">
          <Chip tone="plain">Viewer</Chip>
          <span class="quiet">{refusal}</span>
        </p>
      )}
      <Said value={said}>{children}</Said>
    </Refusal>
  );
}
