import { render } from 'preact';
import { loadAbout } from './app/about.ts';
import { App } from './app/app.tsx';
import './styles/index.css';

const root = document.getElementById('app');
if (root !== null)
  loadAbout().then(
    () => render(<App />, root),
    () => render(<Unreachable />, root),
  );

const Unreachable = () => (
  <main class="alone">
    <h1>The server does not respond</h1>
    <p>Check that it is running, then load this page again.</p>
    <button type="button" class="primary" onClick={() => location.reload()}>
      Load again
    </button>
  </main>
);
