import { expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';

it('a record of CSV quotes commas, quotes, line breaks and outer blanks, and nothing else', () => {
  expect(csvLine(['ada', 7, true, null, ''])).toBe('ada,7,true,,\n');
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', 'cr\r', ' blank', 'tab\t'])).toBe(
    '"a,b","say ""hi""","two\nlines","cr\r"," blank","tab\t"\n',
  );
  expect(csvLine(['Größe \u{1F600}', '=1+1', "it's"])).toBe("Größe \u{1F600},=1+1,it's\n");
});
