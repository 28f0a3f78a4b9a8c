// A real Chromium for tests, from npm alone: unpacked once per machine and version, driven by Playwright, closed with its test.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const packageFile = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')),
  '../package.json',
);

/** Unpacks into its temporary folder, for a system that has no libraries of its own to offer. */
const UNPACK = `
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
`;

export interface BrowserOptions {
  /** Command-line switches beside the usual ones. */
  readonly args?: readonly string[];
}

/**
 * A browser with nothing switched off that protects a page: origins, cookies and content policies hold as for any user.
 * Its pages can show text, play sound and record it (`--use-fake-ui-for-media-stream`,
 * `--use-file-for-fake-audio-capture=…`). Another Chromium is used where `BROWSER_PATH` names one.
 */
export async function openBrowser(
  t: { after(act: () => Promise<void>): void },
  { args = [] }: BrowserOptions = {},
): Promise<Browser> {
  const own = process.env['BROWSER_PATH'];
  const folder = own === undefined ? await unpacked() : undefined;
  const browser = await chromium.launch({
    executablePath: own ?? path.join(folder!, 'chromium'),
    // The browser's own sandbox wants a user that is not root, and rights that containers do not give.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...args],
    env: {
      ...process.env,
      ...(folder && {
        LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'),
        FONTCONFIG_PATH: path.join(folder, 'fonts'),
      }),
    },
  });
  t.after(() => browser.close());
  return browser;
}

/** The folder with the browser. Test files run side by side: whoever is first moves a finished folder into place. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const folder = path.join(tmpdir(), `frontdesk-chromium-${version}-${process.getuid?.() ?? ''}`);
  if (existsSync(folder)) return folder;
  const unfinished = await mkdtemp(`${folder}-`);
  await unpack(unfinished);
  const fonts = path.join(folder, 'fonts');
  const cache = path.join(folder, 'fonts-cache');
  await mkdir(path.join(unfinished, 'fonts-cache'));
  await writeFile(
    path.join(unfinished, 'fonts/fonts.conf'),
    `<?xml version="1.0"?><fontconfig><dir>${fonts}</dir><cachedir>${cache}</cachedir></fontconfig>`,
  );
  try {
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** In a process of its own: the package reads the temporary folder and the platform from the environment. */
function unpack(into: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    cwd: path.dirname(fileURLToPath(import.meta.url)),
    env: { ...process.env, TMPDIR: into, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the browser cannot be unpacked:\n${said}`)),
    );
  });
}
