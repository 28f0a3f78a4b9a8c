// A microphone that a test speaks into, when it is its turn: the browser's own silent device, with the test's voice mixed in.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { formatWav } from '../../../src/pipeline/audio/wav.ts';
import { silence } from '../sounds.ts';

const RATE = 16_000;

/** The switches of a browser whose device is asked for and given, and hears nothing. */
export async function quietDevice(t: { after(act: () => Promise<void>): void }): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'frontdesk-microphone-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'silence.wav');
  await writeFile(file, formatWav({ sampleRate: RATE, samples: silence(RATE, 1000) }));
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${file}`,
    '--autoplay-policy=no-user-gesture-required',
  ];
}

/** Before the first page is opened. */
export async function mixIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(`{
    const devices = navigator.mediaDevices;
    const open = devices?.getUserMedia.bind(devices);
    if (open) devices.getUserMedia = async (wanted) => {
      const real = await open(wanted);
      const sound = new AudioContext();
      const mixed = sound.createMediaStreamDestination();
      sound.createMediaStreamSource(real).connect(mixed);
      window.sayIntoMicrophone = async (wav) => {
        const bytes = Uint8Array.from(atob(wav), (letter) => letter.charCodeAt(0));
        const source = sound.createBufferSource();
        source.buffer = await sound.decodeAudioData(bytes.buffer);
        source.connect(mixed);
        source.start();
      };
      return mixed.stream;
    };
  }`);
}

/** Begins to say it. */
export async function sayInto(page: Page, samples: Int16Array, sampleRate: number): Promise<void> {
  const wav = formatWav({ sampleRate, samples });
  await page.evaluate(`sayIntoMicrophone('${Buffer.from(wav).toString('base64')}')`);
}
