import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `base` is relative so that the built page works behind any path of a load balancer. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023' },
});
