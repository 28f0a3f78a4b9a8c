// Contacts: the callers a client knows.

import { asFarAsCounted } from './counts.ts';

export const contacts = {
  title: 'Contacts',
  description: 'Everybody who has called. The receptionist learns their names in calls.',
  search: 'Search by name, number or note',
  name: 'Name',
  noName: 'No name yet',
  number: 'Phone number',
  numberHint: 'With the country code, such as +1 202 555 0123.',
  notes: 'Notes',
  notesHint: 'For you and your people. The receptionist reads them and does not say them unasked.',
  lastCall: 'Last call',
  never: 'Never',
  add: 'Add contact',
  edit: 'Contact',
  saved: 'Contact saved.',
  added: 'Contact added.',
  deleted: 'Contact deleted.',
  gone: 'This contact does not exist any more.',
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteText: 'Conversations stay, without the name. A new call makes a new contact.',
  conversations: 'Their conversations',
  importCsv: 'Import',
  exportCsv: 'Export',
  importTitle: 'Import contacts',
  importText:
    'A CSV file with the columns phone_number, name and notes, as the export has them. Numbers that are there already get the new name and notes.',
  choose: 'Choose a file',
  imported: (created: number, updated: number) => `${created} added, ${updated} changed.`,
  importFaults: (count: number) =>
    count === 1 ? '1 line was left out:' : `${count} lines were left out:`,
  line: (line: number, detail: string) => `Line ${line}: ${detail}`,
  done: 'Done',
  none: 'No contacts yet',
  noneHint: 'Whoever calls becomes one. You can also add people, or import a list.',
  noneFound: 'Nobody found',
  noneFoundHint: (search: string) => `No contact has “${search}” in its name, number or notes.`,
  count: (total: number, countedMax: number) =>
    total === 1 ? '1 contact' : `${asFarAsCounted(total, countedMax)} contacts`,
};
