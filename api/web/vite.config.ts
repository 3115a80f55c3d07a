import { defineConfig } from 'vite'

const SHARED =
  /src\/((dom|format|notice|inspection_list|sure)|service\/(api|session|permits|newest)|upload\/draft|wording\/index)\.ts$/

export default defineConfig({
  base: '/',
  // One file each and none within another: the policy of contents allows nothing inline.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { output: { manualChunks: together } },
  },
  worker: { format: 'es' },
})

/** Small things that most pages need come in one piece: over a bad line each piece costs time. */
function together(module: string): string | undefined {
  return SHARED.test(module) ? 'shared' : undefined
}
