/** The line that says what an installation does meanwhile. Plain JavaScript for Node 20, without dependencies. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Shows how many packages are in place: on a terminal in one line that changes, elsewhere when it begins and
 * when it has ended.
 *
 * @param options `places` are the folders of the packages, relative to `root`; `what` they are for, in words
 * @returns `end` ends the line, `report` adds what was installed in which time
 */
export function showProgress({ root, places, what, stream, now = Date.now }) {
  const begun = now();
  const missing = places.filter(place => !isThere(root, place));
  const seconds = () => `${Math.round((now() - begun) / 1_000)} s`;
  const line = `Installing ${what} with npm (${missing.length} packages, once for each version of the lockfile)`;
  if (!stream.isTTY) {
    stream.write(`${line} …\n`);
    return { end() {}, report };
  }
  const show = () => {
    const done = missing.filter(place => isThere(root, place)).length;
    stream.write(`\r\u001b[K${line}: ${done} done after ${seconds()}`);
  };
  show();
  const timer = setInterval(show, 500);
  return {
    end() {
      clearInterval(timer);
      stream.write('\r\u001b[K');
    },
    report,
  };

  function report() {
    stream.write(`Installed ${what} in ${seconds()}.\n`);
  }
}

const isThere = (root, place) => existsSync(join(root, place, 'package.json'));
