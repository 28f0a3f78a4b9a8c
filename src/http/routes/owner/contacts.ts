// The callers a client knows: read, made, changed, deleted, brought in and taken out as a table.

import { setImmediate } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { formatCsvLine, parseCsv } from '../../../lib/csv.ts';
import type { Clock } from '../../../lib/clock.ts';
import { newId } from '../../../lib/ids.ts';
import {
  deleteContact,
  findContact,
  importContacts,
  insertContact,
  listContacts,
  readContacts,
  updateContact,
} from '../../../store/calls/contacts.ts';
import type { Contact, ContactDetails } from '../../../store/calls/contacts.ts';
import { reachesClient } from '../../../store/clients/owned-clients.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { parsePhoneNumber } from '../../../telephony/phone-number.ts';
import { found, reachOf, requireUser, userOf } from '../../identity/auth.ts';
import { invalid, phoneNumberOf, writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, searchQuery, tellPage } from '../../schemas/page.ts';
import { requireClient } from '../../every-request/require-client.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  PhoneNumber,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { sendTable, table } from '../../schemas/table.ts';
import { toWire } from '../../schemas/wire.ts';

const IMPORT_ROWS_MAX = 5000;
/** Read at a stretch: some milliseconds of telephone numbers, while calls wait for their sound. */
const STRETCH_ROWS = 200;
const FAULTS_MAX = 100;
const NAME_MAX = 200;
const NOTES_MAX = 5000;

const details = {
  phone_number: Type.String({ maxLength: 40, examples: ['+15559876543'] }),
  name: Type.String({ maxLength: NAME_MAX, examples: ['Jane Smith'] }),
  notes: Type.String({ maxLength: NOTES_MAX }),
};
const NewContact = Type.Object(
  {
    client_id: Id,
    phone_number: details.phone_number,
    name: optional(details.name),
    notes: optional(details.notes),
  },
  {
    examples: [
      {
        client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
        phone_number: '+15559876543',
        name: 'Jane Smith',
      },
    ],
  },
);
const ContactChange = Type.Partial(Type.Object(details), { examples: [{ name: 'Jane Doe' }] });
const ContactAnswer = Type.Object(
  {
    id: Id,
    client_id: Id,
    phone_number: PhoneNumber,
    name: Type.String({ description: 'Learnt in calls while empty.' }),
    notes: Type.String(),
    last_call_at: nullable(Timestamp),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  {
    examples: [
      {
        id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5b',
        client_id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a',
        phone_number: '+15551234567',
        name: 'John Doe',
        notes: '',
        last_call_at: null,
        created_at: '2026-01-20T10:00:00.000Z',
        updated_at: '2026-02-06T10:00:00.000Z',
      },
    ],
  },
);
const ImportAnswer = Type.Object({
  created: Type.Integer({ examples: [12] }),
  updated: Type.Integer({ examples: [3] }),
  errors: Type.Array(
    Type.Object({
      line: Type.Integer({ description: 'Rows count from 1.' }),
      detail: Type.String({ examples: ['Enter a phone number with its country code.'] }),
    }),
    { description: `Rows that were left out, the first ${FAULTS_MAX}.` },
  ),
});

const ofClient = Type.Object({ client_id: Id });
const ofContact = Type.Object({ contact_id: Id });
const tags = ['Contacts'];

export function contactRoutes({ sql, clock }: { sql: Sql; clock: Clock }): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );

    app.get(
      '/api/clients/:client_id/contacts',
      {
        onRequest: requireClient(sql),
        schema: {
          tags,
          summary: 'List the contacts of a client',
          description: `Newest first. ${pageHeaders}`,
          security: signedIn,
          params: ofClient,
          querystring: Type.Object({
            ...pageQuery,
            q: searchQuery('name, number or notes'),
          }),
          response: { 200: Type.Array(ContactAnswer), ...errors(401, 404) },
        },
      },
      async (request, reply) => {
        const filter = { clientId: request.params.client_id, search: request.query.q };
        const page = await listContacts(sql, filter, parsePage(request.query));
        tellPage(request, reply, page);
        return page.rows.map(toWire);
      },
    );

    app.get(
      '/api/clients/:client_id/contacts/export',
      {
        onRequest: requireClient(sql),
        schema: {
          tags,
          summary: 'Export the contacts of a client',
          description:
            'A table with phone_number, name, notes, last_call_at. Cells that a spreadsheet would run begin with an apostrophe.',
          security: signedIn,
          params: ofClient,
          response: {
            200: table,
            ...errors(401, 404),
          },
        },
      },
      async (request, reply) => {
        const lines = exportLines(readContacts(sql, request.params.client_id));
        return sendTable(reply, 'contacts.csv', lines);
      },
    );

    app.post(
      '/api/clients/:client_id/contacts/import',
      {
        onRequest: requireClient(sql),
        schema: {
          tags,
          summary: 'Import contacts of a client',
          description: `A table whose first line names its columns: phone_number, and name and notes where there are any. Numbers that are known are brought up to date; an empty cell changes nothing. At most ${IMPORT_ROWS_MAX} rows.`,
          security: signedIn,
          params: ofClient,
          consumes: ['text/csv'],
          body: {
            content: {
              'text/csv': {
                schema: Type.String({
                  maxLength: 1_048_576,
                  examples: ['phone_number,name\n+14155550123,Ann Lee\n'],
                }),
              },
            },
          } as never,
          response: { 200: ImportAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        if (typeof request.body !== 'string') throw invalid('body', 'Must be text/csv.');
        const { contacts, faults } = await readTable(request.body);
        const done = await importContacts(sql, request.params.client_id, contacts, clock.now());
        return { ...done, errors: faults };
      },
    );

    app.post(
      '/api/contacts',
      {
        schema: {
          tags,
          summary: 'Create a contact',
          security: signedIn,
          body: NewContact,
          response: { 201: ContactAnswer, ...errors(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const body = writable(NewContact, request.body);
        const clientId = body.client_id;
        found((await reachesClient(sql, reachOf(userOf(request)), clientId)) || undefined);
        const contact = await insertContact(sql, {
          id: newId(clock.now()),
          clientId,
          phoneNumber: phoneNumberOf('phone_number', body.phone_number),
          name: body.name ?? '',
          notes: body.notes ?? '',
        });
        reply.code(201);
        return toWire(contact);
      },
    );

    app.get(
      '/api/contacts/:contact_id',
      {
        schema: {
          tags,
          summary: 'Get a contact',
          security: signedIn,
          params: ofContact,
          response: { 200: ContactAnswer, ...errors(401, 404) },
        },
      },
      async (request) => {
        const reach = reachOf(userOf(request));
        return toWire(found(await findContact(sql, reach, request.params.contact_id)));
      },
    );

    for (const method of ['PUT', 'PATCH'] as const) {
      app.route({
        method,
        url: '/api/contacts/:contact_id',
        schema: {
          tags,
          summary: method === 'PUT' ? 'Update a contact' : 'Change fields of a contact',
          description: 'Fields that are left out stay as they are.',
          security: signedIn,
          params: ofContact,
          body: ContactChange,
          response: { 200: ContactAnswer, ...errors(401, 403, 404) },
        },
        handler: async (request) => {
          const reach = reachOf(userOf(request));
          const id = request.params.contact_id;
          const current = toWire(found(await findContact(sql, reach, id)));
          const {
            name,
            notes,
            phone_number: phone,
          } = writable(ContactChange, request.body, current);
          const change: Partial<ContactDetails> = {
            ...(name !== undefined && { name }),
            ...(notes !== undefined && { notes }),
            ...(phone !== undefined && { phoneNumber: phoneNumberOf('phone_number', phone) }),
          };
          return toWire(found(await updateContact(sql, reach, id, change)));
        },
      });
    }

    app.delete(
      '/api/contacts/:contact_id',
      {
        schema: {
          tags,
          summary: 'Delete a contact',
          description: 'Conversations with them stay, without the name.',
          security: signedIn,
          params: ofContact,
          response: { 200: Message, ...errors(401, 403, 404) },
        },
      },
      async (request) => {
        const reach = reachOf(userOf(request));
        found((await deleteContact(sql, reach, request.params.contact_id)) || undefined);
        return { message: 'Contact deleted successfully' };
      },
    );
  };
  return routes;
}

async function* exportLines(pieces: AsyncIterable<readonly Contact[]>): AsyncGenerator<string> {
  yield formatCsvLine(['phone_number', 'name', 'notes', 'last_call_at']);
  for await (const piece of pieces) {
    const lines = piece.map((each) =>
      formatCsvLine([
        each.phoneNumber,
        each.name,
        each.notes,
        each.lastCallAt?.toISOString() ?? '',
      ]),
    );
    yield lines.join('');
  }
}

/** Contacts of a table, each number once: the last row with it counts. */
async function readTable(text: string): Promise<{
  contacts: ContactDetails[];
  faults: { line: number; detail: string }[];
}> {
  const [head, ...rows] = parseCsv(text, IMPORT_ROWS_MAX + 1) ?? [];
  if (!head) {
    throw invalid('body', `Must be a table of at most ${IMPORT_ROWS_MAX} rows, its quotes closed.`);
  }
  const columns = head.map((name) => name.trim().toLowerCase());
  const phoneAt = columns.indexOf('phone_number');
  if (phoneAt === -1) throw invalid('body', 'The first line must name a column phone_number.');
  const cell = (row: readonly string[], name: string) => row[columns.indexOf(name)] ?? '';
  const contacts = new Map<string, ContactDetails>();
  const faults: { line: number; detail: string }[] = [];
  const fault = (index: number, detail: string) => {
    if (faults.length < FAULTS_MAX) faults.push({ line: index + 2, detail });
  };
  for (const [index, row] of rows.entries()) {
    if (index % STRETCH_ROWS === STRETCH_ROWS - 1) await setImmediate();
    const phoneNumber = parsePhoneNumber(cell(row, 'phone_number'), 'US');
    const [name, notes] = [cell(row, 'name'), cell(row, 'notes')];
    if (!phoneNumber) fault(index, 'phone_number is not a telephone number.');
    else if (name.length > NAME_MAX) fault(index, `name has more than ${NAME_MAX} characters.`);
    else if (notes.length > NOTES_MAX) fault(index, `notes has more than ${NOTES_MAX} characters.`);
    else contacts.set(phoneNumber, { phoneNumber, name, notes });
  }
  return { contacts: [...contacts.values()], faults };
}
