// Settlements the database could not take, one file each, so that neither an outage nor a crash loses the end of a call.

import { mkdir, open, readFile, readdir, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Settlement } from './settlement.ts';

export interface SettlementJournal {
  /** Resolves when the settlement would survive a power failure. */
  add(settlement: Settlement): Promise<void>;
  remove(leaseId: string): Promise<void>;
  /** All that is kept, in no order. What cannot be read is set aside as `.unreadable`, and the log says so. */
  list(): Promise<Settlement[]>;
}

/**
 * A journal in `directory`, which is made if absent. One file a call and not one file for all: several processes may
 * share the directory, and removing one call needs no rewriting of the others.
 */
export async function openSettlementJournal(
  directory: string,
  log: Log,
): Promise<SettlementJournal> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return { add, remove, list };

  async function add(settlement: Settlement): Promise<void> {
    const file = fileOf(settlement.leaseId);
    const unfinished = `${file}.new`;
    const handle = await open(unfinished, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(settlement)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    await syncDirectory();
  }

  async function remove(leaseId: string): Promise<void> {
    try {
      await unlink(fileOf(leaseId));
    } catch (error) {
      // Another process that shares the directory was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  async function list(): Promise<Settlement[]> {
    const settlements: Settlement[] = [];
    for (const name of await readdir(directory)) {
      if (!name.endsWith('.json')) continue;
      const settlement = await read(path.join(directory, name));
      if (settlement) settlements.push(settlement);
    }
    return settlements;
  }

  async function read(file: string): Promise<Settlement | undefined> {
    try {
      return parseSettlement(await readFile(file, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      log.error('a journalled settlement cannot be read; a person must look', {
        file,
        error: toError(error),
      });
      await rename(file, `${file}.unreadable`);
      return undefined;
    }
  }

  function fileOf(leaseId: string): string {
    return path.join(directory, `${leaseId}.json`);
  }

  /** A new name is on disk only when its directory is. Windows has no such call and needs none. */
  async function syncDirectory(): Promise<void> {
    if (process.platform === 'win32') return;
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

const texts = ['leaseId', 'clientId', 'callSid', 'streamSid', 'owner', 'reason'] as const;
const counts = ['epoch', 'billedBeforeSeconds', 'connectedMs'] as const;

function parseSettlement(text: string): Settlement {
  const kept = JSON.parse(text) as Record<string, unknown>;
  for (const name of texts) {
    if (typeof kept[name] !== 'string') throw new Error(`${name} is not a text`);
  }
  for (const name of counts) {
    if (typeof kept[name] !== 'number' || !(kept[name] >= 0)) {
      throw new Error(`${name} is not a count`);
    }
  }
  return kept as unknown as Settlement;
}
