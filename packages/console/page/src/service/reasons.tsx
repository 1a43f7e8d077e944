import { about } from '../app/about.ts';
import { inWords } from '../parts/format.ts';
import { Code, Sentence } from '../parts/text.tsx';

/** Meanings of reasons that come from Mixpanel rather than from the mapping. */
const others: Readonly<Record<string, string>> = {
  refused_by_mixpanel: 'Mixpanel accepted the request and rejected the event',
  refused_in_shadow: 'in shadow mode, Mixpanel would reject the event',
};

/** A reason in words, with its code. */
export function Reason({ code }: { code: string }) {
  const meaning = about().reasons[code]?.meaning ?? others[code];
  return (
    <span class="reason">
      <strong>{inWords(code)}</strong> <Code of={code} />
      {meaning && (
        <small class="quiet">
          {' '}
          <Sentence of={meaning} />
        </small>
      )}
    </span>
  );
}
