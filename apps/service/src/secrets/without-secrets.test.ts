import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Secret } from './secret.ts';
import { withoutSecretsOf } from './without-secrets.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const holder = {
  mixpanel: { username: 'account', password: new Secret('s3cret/+ü word') },
  tokens: [new Secret('project-token'), new Secret('quo"te\\slash')],
};
const clean = withoutSecretsOf(holder);

it.each([
  ['as it is', 's3cret/+ü word'],
  ['URI-encoded', encodeURIComponent('s3cret/+ü word')],
  ['form-encoded', 's3cret%2F%2B%C3%BC+word'],
  ['as the password of HTTP Basic', base64('account:s3cret/+ü word')],
  ['as the user name of HTTP Basic', base64('project-token:')],
  ['in base64 without padding', base64('project-token').replace(/=+$/, '')],
  ['as JSON escapes it', JSON.stringify('quo"te\\slash').slice(1, -1)],
  ['in base64url', Buffer.from('account:s3cret/+ü word').toString('base64url')],
])('a secret is cut out of a text %s', (_how, form) => {
  expect(clean(`refused: "${form}".`)).toBe('refused: "[secret]".');
});

it('a text without a secret is not changed', () => {
  expect(clean('account is not a member of project 12345')).toBe('account is not a member of project 12345');
});

it('any secret is removed, in any surrounding text', () => {
  const marked = fc.string({ minLength: 4, maxLength: 30 }).map(text => `§${text}`);
  fc.assert(
    fc.property(marked, marked, fc.string(), (username, password, around) => {
      const without = withoutSecretsOf({ username, password: new Secret(password) });
      const basic = base64(`${username}:${password}`);
      expect(without(`${around} Basic ${basic} ${around}`)).not.toContain(basic);
      expect(without(`x ${password} y`)).not.toContain(password);
    }),
  );
});
