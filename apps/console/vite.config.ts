import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `WEIR_API` is where `vite` in development finds a running server; a build needs none. */
const api = process.env.WEIR_API ?? 'http://127.0.0.1:7700';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_200,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', proxy: { '/v1': api } },
});
