// Builds the dashboard: a program of its own, so that the server never holds the bundler in memory.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { dashboardPlaces } from './dashboard-places.ts';

/** Smaller files gain nothing from compression. */
const COMPRESS_BYTES_MIN = 1024;
const compressible = /\.(js|css|html|svg|webmanifest)$/;

const { source, directory } = dashboardPlaces();
const home = path.dirname(directory);
mkdirSync(home, { recursive: true });
// Whoever serves sees the finished folder only: it gets its name in the last step.
const draft = `${directory}.${process.pid}`;

try {
  await build({
    root: source,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    // The server's own environment is nothing for browsers.
    envPrefix: 'DASHBOARD_',
    plugins: [react(), tailwind()],
    build: {
      outDir: draft,
      emptyOutDir: true,
      // A data: address is refused by our Content-Security-Policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      license: { fileName: 'licenses.md' },
    },
  });
  for (const file of readdirSync(draft, { recursive: true, encoding: 'utf8' })) {
    if (compressible.test(file)) compress(path.join(draft, file));
  }
  publish();
} finally {
  rmSync(draft, { recursive: true, force: true });
}

function compress(file: string): void {
  const bytes = readFileSync(file);
  if (bytes.length < COMPRESS_BYTES_MIN) return;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}

/** Another process may have been faster: what it has built is the same. */
function publish(): void {
  try {
    renameSync(draft, directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
  }
  for (const name of readdirSync(home)) {
    const older = path.join(home, name);
    if (older !== directory && !older.startsWith(`${directory}.`)) {
      rmSync(older, { recursive: true, force: true });
    }
  }
}
