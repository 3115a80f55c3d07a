import { defineConfig } from 'vite'

export default defineConfig({
  base: '/',
  // One file each and none within another: the policy of contents allows nothing inline.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  worker: { format: 'es' },
})
