import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vendorText } from './vendor-text.ts';

const secret = 'not-a-real-secret';
const clean = (text: string) => text.replaceAll(secret, '[secret]');
const words = (body: string) => vendorText(body, clean);

describe('the text of an answer', () => {
  it.each([
    ['{"code":401,"error":"Invalid credentials"}', '{"code":401,"error":"Invalid credentials"}'],
    ['', ''],
    [' \r\n two\n lines \u0000\u001b[31m of\u202e text ', 'two lines [31m of text'],
    [`the key ${secret} is unknown`, 'the key [secret] is unknown'],
    ['a < b and c > d', 'a < b and c > d'],
    ['half a pair \ud83d', 'half a pair \ufffd'],
  ])('of %j is %j', (body, kept) => {
    expect(words(body)).toBe(kept);
  });

  it.each([
    [
      '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
      'an HTML page titled "502 Bad Gateway"',
    ],
    ['\ufeff <!DOCTYPE HTML>\n<TITLE lang="en">\n Not\n found </TITLE>', 'an HTML page titled "Not found"'],
    [`<html><title>${secret}</title>`, 'an HTML page titled "[secret]"'],
    ['<h1>Bad Gateway</h1>', 'an HTML page'],
    ['<html><title>never closed', 'an HTML page'],
    ['<?xml version="1.0"?><html xmlns="x"><title>Busy</title></html>', 'an HTML page titled "Busy"'],
    ['<?xml version="1.0"?><Error><Code>EntityTooLarge</Code></Error>', 'an XML document'],
    ['<Error><Message>no</Message></Error>', 'an XML document'],
    ['upstream said: <html><title>Oops</title></html>', 'upstream said: an HTML page titled "Oops"'],
    ['{"error":"<html><body>Oops</body></html>"}', '{"error":" an HTML page'],
  ])('a page is described, never quoted: %j is %j', (body, kept) => {
    expect(words(body)).toBe(kept);
  });

  it('has its secrets removed before it is shortened', () => {
    const body = `${'x'.repeat(295)}${secret}`;
    expect(words(body)).toBe(`${'x'.repeat(295)}[secr…`);
  });

  it('is one short line without markup, for any answer', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<',
        '>',
        '<html',
        '<title>',
        '</title>',
        '<?xml',
        '<!doctype',
        secret,
        '\u0000',
        '\n',
        '"',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        const kept = words(pieces.join(''));
        expect(kept.length).toBeLessThan(430);
        expect(kept.isWellFormed()).toBe(true);
        expect(kept).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|<(?:html|title|!doctype|\?xml)\b/iu);
        expect(kept).not.toContain(secret);
        expect(kept).toBe(kept.trim());
      }),
    );
  });

  it.each(['<title', '<', ' ', '\u0000', '<title>', '<html>', 'a ', '\ud800'])(
    'takes negligible time for 4 MB of %j',
    unit => {
      const body = unit.repeat(4_000_000 / unit.length);
      const began = process.cpuUsage();
      words(body);
      expect(process.cpuUsage(began).user / 1_000).toBeLessThan(500);
    },
  );
});
