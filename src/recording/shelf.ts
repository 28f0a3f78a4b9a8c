// Where recordings lie: files in DATA_DIR while they grow, and there or in a bucket when they are done.

import { createReadStream, mkdirSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isId } from '../lib/ids.ts';
import type { Recording } from '../store/calls/recordings.ts';
import { AppError } from '../lib/errors.ts';
import type { Bucket } from './s3.ts';

export interface Shelf {
  readonly bucket: Bucket | undefined;
  /** Opens the file of a recording that begins. */
  create(id: string): Promise<RecordingFile>;
  /** The bytes from `from` to before `to`. Rejects with `not_found` when the sound is not where it should be. */
  read(recording: Recording, from: number, to: number): Promise<AsyncIterable<Uint8Array>>;
  /** Removes the sound, wherever it is. */
  remove(recording: Recording): Promise<void>;
  /** Length of a file here; undefined when there is none. */
  bytesOnDisk(id: string): Promise<number | undefined>;
  /** Of the files here. */
  idsOnDisk(): Promise<string[]>;
  /** Moves a file to the bucket; false when it is not here. */
  upload(recording: Recording): Promise<boolean>;
}

export interface RecordingFile {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export function openShelf(dataDir: string, bucket: Bucket | undefined): Shelf {
  const folder = path.join(dataDir, 'recordings');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (id: string) => {
    if (!isId(id)) throw new Error('the id of a recording is a uuid');
    return path.join(folder, `${id}.ulaw`);
  };
  const bytesOnDisk = async (id: string) => {
    try {
      return (await stat(fileOf(id))).size;
    } catch {
      return undefined;
    }
  };
  return {
    bucket,
    bytesOnDisk,
    async idsOnDisk() {
      const names = await readdir(folder);
      return names.map((name) => name.replace(/\.ulaw$/, '')).filter((id) => isId(id));
    },
    async create(id) {
      const file = await open(fileOf(id), 'a', 0o600);
      return {
        // All of it: a disk that is almost full takes a part and says so to nobody who does not ask.
        write: (bytes) => file.appendFile(bytes),
        close: () => file.close(),
      };
    },
    async read({ id, place }, from, to) {
      if (place === 's3') {
        if (!bucket) throw new AppError('not_configured', 'a recording is in a bucket');
        return bucket.read(id, from, to);
      }
      if ((await bytesOnDisk(id)) === undefined) {
        throw new AppError('not_found', 'the file of a recording is not on this machine');
      }
      return createReadStream(fileOf(id), { start: from, end: to - 1 });
    },
    async remove({ id, place }) {
      if (place === 's3') {
        if (!bucket) throw new AppError('not_configured', 'a recording is in a bucket');
        await bucket.remove(id);
      }
      await rm(fileOf(id), { force: true });
    },
    async upload({ id }) {
      const bytes = await bytesOnDisk(id);
      if (bytes === undefined || !bucket) return false;
      await bucket.put(id, fileOf(id), bytes);
      return true;
    },
  };
}
