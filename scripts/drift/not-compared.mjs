/** Whether an event type of the glossary is in a tab. */
const tabs = {
  storage: () => true,
  'custom HTTP': ({ customHttp }) => customHttp !== undefined,
  Mixpanel: ({ mixpanel }) => mixpanel !== undefined,
};

/**
 * Event types of a glossary that blocks (`readGlossary`, `readSamples`) lack, for each tab that lacks some:
 * `{ tab, eventTypes, of }`, `of` being the number that the glossary has. Nothing is known about these.
 */
export function notCompared(blocks, glossary) {
  return Object.entries(tabs).flatMap(([tab, isIn]) => {
    const found = new Set(blocks.filter(block => block.tab === tab).map(({ eventType }) => eventType));
    const expected = glossary.filter(isIn).map(({ eventType }) => eventType);
    const eventTypes = expected.filter(eventType => !found.has(eventType));
    return eventTypes.length > 0 ? [{ tab, eventTypes, of: expected.length }] : [];
  });
}
