// Keeps the Google stand-in's calendars in a file, so that a sandbox that is started again still has its appointments.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { GoogleCalendars } from './google-calendar.ts';
import type { DiaryState } from './google-diary.ts';

/** Fills the calendars from the file; `save` writes them back, all or nothing. */
export function keepDiaries(file: string, calendars: GoogleCalendars): { save(): void } {
  for (const state of read(file)) {
    const { id, owner, summary, timeZone } = state;
    calendars.diary(id, { owner, summary, timeZone }).restore(state);
  }
  return {
    save() {
      const draft = `${file}.${process.pid}`;
      writeFileSync(draft, JSON.stringify(calendars.all().map((each) => each.state())), {
        mode: 0o600,
      });
      renameSync(draft, file);
    },
  };
}

function read(file: string): readonly DiaryState[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly DiaryState[];
  } catch {
    // Absent, or half a file of a disk that was full.
    return [];
  }
}
