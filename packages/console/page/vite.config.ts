import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The build of the page: relative addresses, hashed names, no source maps. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    // Browsers of today load modules ahead by themselves, and data: addresses would need the policy's leave.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The notices of the bundled libraries, which their licenses ask for.
    license: { fileName: 'licenses.md' },
  },
});
