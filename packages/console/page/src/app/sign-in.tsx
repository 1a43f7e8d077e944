import { useEffect, useState } from 'preact/hooks';
import { token } from '../api/token.ts';
import { queries } from '../api/use-polled.ts';

/** The token for the API of the service. A change forgets every answer that the former token was given. */
export function SignIn() {
  const [typed, setTyped] = useState('');
  const [isSignedIn, setSignedIn] = useState(token.get() !== '');
  useEffect(
    () =>
      token.subscribe(() => {
        setSignedIn(token.get() !== '');
        void queries.resetQueries();
      }),
    [],
  );
  if (isSignedIn)
    return (
      <button type="button" class="quietly" onClick={() => token.set('')}>
        Sign out
      </button>
    );
  return (
    <form
      class="sign-in"
      onSubmit={event => {
        event.preventDefault();
        token.set(typed);
        setTyped('');
      }}
    >
      <input
        type="password"
        autocomplete="off"
        aria-label="Admin or viewer token"
        placeholder="Admin or viewer token"
        value={typed}
        onInput={event => setTyped(event.currentTarget.value)}
      />
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  );
}
