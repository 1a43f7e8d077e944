import { useEffect, useState } from 'preact/hooks';
import { token } from '../api/token.ts';
import { queries } from '../api/use-polled.ts';

/** Stores a token, and forgets every answer that the former one was given. */
function change(value: string): void {
  token.set(value);
  void queries.resetQueries();
}

/** The token for the API of the service; the field is there whenever a token is needed. */
export function SignIn() {
  const [typed, setTyped] = useState('');
  const [isNeeded, setNeeded] = useState(token.isNeeded);
  useEffect(() => token.subscribe(() => setNeeded(token.isNeeded())), []);
  if (!isNeeded)
    return (
      <button type="button" class="quietly" onClick={() => change('')}>
        Sign out
      </button>
    );
  return (
    <form
      class="sign-in"
      onSubmit={event => {
        event.preventDefault();
        change(typed);
        setTyped('');
      }}
    >
      <input
        type="password"
        autocomplete="off"
        aria-label="Admin or viewer token"
        placeholder="Token"
        value={typed}
        onInput={event => setTyped(event.currentTarget.value)}
      />
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  );
}
