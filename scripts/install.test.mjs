import { expect, it } from 'vitest';
import { holdsAll, reasonOf } from './install.mjs';

const wanted = {
  '': { name: 'root' },
  'packages/core': { version: '0.1.0' },
  'node_modules/pg': { version: '8.0.0', integrity: 'sha512-a' },
  'node_modules/for-another-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const { 'node_modules/for-another-platform': _, ...installed } = wanted;

it('the check accepts packages installed by hand, and needs only those of the lockfile', () => {
  expect(holdsAll(installed, wanted)).toBe(true);
  expect(holdsAll({ ...installed, 'node_modules/left-over': { version: '1.0.0' } }, wanted)).toBe(true);
  const { 'node_modules/pg': pg, ...without } = installed;
  expect(holdsAll(without, wanted)).toBe(false);
  expect(holdsAll({ ...installed, 'node_modules/pg': { ...pg, version: '7.0.0' } }, wanted)).toBe(false);
  expect(holdsAll({ ...installed, 'node_modules/pg': { ...pg, integrity: 'sha512-c' } }, wanted)).toBe(false);
});

it('an installation without network ends in one sentence, any other failure in the report of npm', () => {
  const report = `npm error code ENOTFOUND
npm error syscall getaddrinfo
npm error errno ENOTFOUND
npm error network request to https://registry.example.com/commander failed, reason: getaddrinfo ENOTFOUND
npm error network This is a problem related to network connectivity.`;
  expect(reasonOf(report)).toBe(
    "The dependencies are not installed, and registry.example.com cannot be reached (ENOTFOUND). Connect to the network, or set npm's registry or proxy, and retry.",
  );
  expect(reasonOf('npm error code EUSAGE\nnpm error The package-lock.json is out of date')).toBeUndefined();
});
