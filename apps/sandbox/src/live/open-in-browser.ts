/** Opens an address in the browser of the desktop; says so if there is none. */
export async function openInBrowser(address: string): Promise<void> {
  const { default: open } = await import('open');
  const failed = () => console.log(`No browser could be started here. Open ${address} in one.`);
  try {
    const browser = await open(address);
    browser.once('error', failed);
    browser.once('exit', code => code !== 0 && failed());
  } catch {
    failed();
  }
}
