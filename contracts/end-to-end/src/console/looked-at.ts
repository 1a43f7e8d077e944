/** What is wrong with how a page looks, in words. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { sizes } from './watched-page.ts';

/** Findings of axe that are moderate or worse, in words. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated by the browser's debugger, which the content security policy does not concern.
  await page.evaluate(axe.source);
  const found = await page.evaluate('axe.run({ resultTypes: ["violations"] })');
  const { violations: all } = found as axe.AxeResults;
  return all
    .filter(({ impact }) => impact === 'moderate' || impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

/** What is wider than its place: the page itself, each visible control that it cuts, and each text that an element cuts. */
export async function overflow(page: Page): Promise<string[]> {
  const found = await page.evaluate(`
    const { scrollWidth, clientWidth } = document.documentElement;
    const hasCutText = each => {
      const { overflowX, textOverflow, clipPath, clip } = getComputedStyle(each);
      const hides = overflowX === 'hidden' || overflowX === 'clip' || textOverflow === 'ellipsis';
      const hasText = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== '');
      const isSeen = clipPath === 'none' && clip === 'auto' && each.clientWidth > 1 && each.clientHeight > 1;
      return hides && hasText && isSeen && each.scrollWidth > each.clientWidth + 1;
    };
    const cut = [...document.querySelectorAll('button, a, input, select')].filter(each => {
      const { left, right, width } = each.getBoundingClientRect();
      return width > 0 && (left < 0 || right > clientWidth + 0.5);
    });
    [
      ...(scrollWidth > clientWidth ? ['the page is ' + scrollWidth + ' wide'] : []),
      ...cut.map(each => each.outerHTML.slice(0, 200)),
      ...[...document.querySelectorAll('body *')].filter(hasCutText).map(each => 'cut text: ' + each.textContent.slice(0, 200)),
    ];
  `);
  return found as string[];
}

/**
 * What is wrong with the shown page on a desktop and on a phone, in light and dark: findings of axe, what is cut or wider
 * than the window, and JSON that scrolls sideways. Leaves the page in the size of a desktop.
 */
export async function wrongLooks(page: Page): Promise<string[]> {
  let wrong: string[] = [];
  for (const [size, viewport] of Object.entries(sizes).toReversed()) {
    await page.setViewportSize(viewport);
    const cut = [...(await overflow(page)), ...(await sideways(page))];
    wrong = wrong.concat(cut.map(each => `${size}: ${each}`));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found = await violations(page);
      wrong = wrong.concat(found.map(each => `${size}, ${colorScheme}: ${each}`));
    }
  }
  return wrong;
}

/** Code that is wider than its box. */
async function sideways(page: Page): Promise<string[]> {
  const found = await page.evaluate(`
    [...document.querySelectorAll('pre')]
      .filter(each => each.scrollWidth > each.clientWidth)
      .map(each => 'scrolls sideways: ' + each.textContent.slice(0, 200));
  `);
  return found as string[];
}
