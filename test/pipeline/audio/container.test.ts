// What a file is by its first bytes, and how long it says it lasts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFile, sniffAudio } from '../../../src/pipeline/audio/container.ts';
import { m4aHead, recording, voicedWav, webmHead } from '../../support/recording.ts';

test('each form by its content, with its length', () => {
  const files: [format: string, bytes: Uint8Array, ms: number | undefined][] = [
    ['wav', voicedWav(1500), 1500],
    ['mp3', recording('mp3'), 2304],
    ['ogg', recording('ogg'), 2220],
    ['flac', recording('flac'), 2210],
    ['m4a', m4aHead(3300), 3300],
    ['webm', webmHead(), undefined],
    ['webm', webmHead(2500), 2500],
  ];
  for (const [format, bytes, ms] of files) {
    const found = sniffAudio(bytes);
    assert.equal(found?.format, format);
    assert.equal(found.durationMs === undefined ? undefined : Math.round(found.durationMs), ms);
  }
});

test('a file that is cut anywhere is still what it is, or nothing, and never breaks us', () => {
  for (const bytes of [voicedWav(200), recording('mp3'), recording('ogg'), recording('flac')]) {
    for (let length = 0; length < 200; length += 1) {
      const found = sniffAudio(bytes.subarray(0, length));
      assert.ok(found?.durationMs === undefined || found.durationMs >= 0);
    }
  }
});

test('what is no audio is named', () => {
  const files: [bytes: Uint8Array, what: string][] = [
    [Buffer.from('89504e470d0a1a0a', 'hex'), 'a PNG image'],
    [Buffer.from('ffd8ffe000104a464946', 'hex'), 'a JPEG image'],
    [Buffer.from('%PDF-1.7'), 'a PDF document'],
    [Buffer.from('504b0304', 'hex'), 'a ZIP archive'],
    [Buffer.from('<!doctype html><p>'), 'a web page'],
    [Buffer.from('hello, this is text'), 'text'],
    [Buffer.from('FORM0000AIFF'), 'an AIFF file'],
    [new Uint8Array(0), 'empty'],
    [Buffer.from('000102030405', 'hex'), 'of no known kind'],
  ];
  for (const [bytes, what] of files) {
    assert.equal(sniffAudio(bytes), undefined, what);
    assert.equal(describeFile(bytes), what);
  }
});
