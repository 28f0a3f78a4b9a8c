// The calendars of the Google stand-in: API v3 as far as appointments need it, with Google's refusals and permissions.

import { DiaryRefusal, Diary } from './google-diary.ts';
import type { EventInput, GoogleEvent } from './google-diary.ts';
import { instantOf } from './google-times.ts';
import type { Exchange, Refusal } from '../../stand-in-server.ts';

const ROOT = '/calendar/v3';
const PAGE_DEFAULT = 250;
const PAGE_MAX = 2500;
/** The longest stretch that a free/busy query may ask about. */
const FREE_BUSY_DAYS_MAX = 90;
const DAY_MS = 86_400_000;
const scopeRoot = 'https://www.googleapis.com/auth/';
const needs = {
  list: [
    'calendar',
    'calendar.readonly',
    'calendar.calendarlist.readonly',
    'calendar.calendarlist',
  ],
  freeBusy: ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
  read: ['calendar', 'calendar.readonly', 'calendar.events', 'calendar.events.readonly'],
  write: ['calendar', 'calendar.events'],
} as const;

/** Whose access token it is, and what it is good for. */
export interface Bearer {
  readonly email: string;
  readonly scope: string;
}

export interface GoogleCalendars {
  /** Somebody's calendar by its id; the first time it is made, and belongs to `owner` or to whom the id names. */
  diary(id: string, made?: { owner?: string; summary?: string; timeZone?: string }): Diary;
  all(): readonly Diary[];
  /** Undefined where the path is none of the calendar's. */
  respond(exchange: Exchange): Promise<void> | undefined;
}

export function googleCalendars(parts: {
  readonly now: () => number;
  readonly timeZone: string;
  /** Undefined for a token that is not good. */
  readonly bearerOf: (authorization: string | undefined) => Bearer | undefined;
  /** Told of each change, in whatever calendar. */
  readonly changed: () => void;
}): GoogleCalendars {
  const diaries = new Map<string, Diary>();

  return {
    diary,
    all: () => [...diaries.values()],
    respond(exchange) {
      return exchange.url.pathname.startsWith(`${ROOT}/`) ? answer(exchange) : undefined;
    },
  };

  function diary(id: string, made: { owner?: string; summary?: string; timeZone?: string } = {}) {
    const known = diaries.get(id.toLowerCase());
    if (known) return known;
    const { owner = id, summary = id, timeZone = parts.timeZone } = made;
    const fresh = new Diary({ id: id.toLowerCase(), owner, summary, timeZone }, parts.now);
    diaries.set(fresh.id, fresh);
    return fresh;
  }

  async function answer(exchange: Exchange): Promise<void> {
    try {
      const bearer = parts.bearerOf(exchange.request.headers.authorization);
      if (!bearer) throw new DiaryRefusal(401, 'authError', 'Invalid Credentials');
      diary(bearer.email);
      await route(exchange, bearer);
    } catch (error) {
      if (!(error instanceof DiaryRefusal)) throw error;
      exchange.answer(googleRefusal(error));
    }
  }

  async function route(exchange: Exchange, bearer: Bearer): Promise<void> {
    const { request, url } = exchange;
    const path = url.pathname.slice(ROOT.length).split('/').slice(1).map(decodeURIComponent);
    const method = request.method ?? 'GET';
    const [first, id = '', what, eventId] = path;
    if (first === 'freeBusy' && method === 'POST') return freeBusy(exchange, bearer);
    if (first === 'users' && what === 'calendarList' && method === 'GET') {
      return calendarList(exchange, bearer, eventId);
    }
    if (first !== 'calendars') throw new DiaryRefusal(404, 'notFound', 'Not Found');
    if (what === undefined && method === 'GET') {
      const found = reached(bearer, id, needs.list, ['owner', 'writer', 'reader']);
      return exchange.answer({ status: 200, body: resourceOf(found) });
    }
    if (what !== 'events') throw new DiaryRefusal(404, 'notFound', 'Not Found');
    if (method === 'GET') {
      const found = reached(bearer, id, needs.read, ['owner', 'writer', 'reader']);
      return eventId === undefined ? list(exchange, found) : get(exchange, found, eventId);
    }
    const found = reached(bearer, id, needs.write, ['owner', 'writer']);
    return change(exchange, found, method, eventId);
  }

  function reached(
    { email, scope }: Bearer,
    id: string,
    scopes: readonly string[],
    roles: readonly string[],
  ): Diary {
    demandScope(scope, scopes);
    const found = diaries.get(id === 'primary' ? email : id.toLowerCase());
    const role = found?.roleOf(email);
    if (!found || role === undefined) throw new DiaryRefusal(404, 'notFound', 'Not Found');
    if (roles.includes(role)) return found;
    const message = 'You need to have writer access to this calendar.';
    throw new DiaryRefusal(403, 'requiredAccessLevel', message);
  }

  function calendarList({ answer: send }: Exchange, { email, scope }: Bearer, id?: string): void {
    demandScope(scope, needs.list);
    const entries = [...diaries.values()].flatMap((each) => {
      const accessRole = each.roleOf(email);
      return accessRole === undefined ? [] : [{ ...entryOf(each, email), accessRole }];
    });
    if (id === undefined) {
      return send({
        status: 200,
        body: { kind: 'calendar#calendarList', etag: '"0"', nextSyncToken: '0', items: entries },
      });
    }
    const entry = entries.find((each) => each.id === (id === 'primary' ? email : id.toLowerCase()));
    if (!entry) throw new DiaryRefusal(404, 'notFound', 'Not Found');
    return send({ status: 200, body: entry });
  }

  async function freeBusy(
    { body, answer: send }: Exchange,
    { email, scope }: Bearer,
  ): Promise<void> {
    demandScope(scope, needs.freeBusy);
    const asked = JSON.parse(await body()) as {
      timeMin?: string;
      timeMax?: string;
      items?: { id: string }[];
    };
    const { timeMin = '', timeMax = '', items = [] } = asked;
    const window = { startMs: Date.parse(timeMin), endMs: Date.parse(timeMax) };
    if (!(window.endMs > window.startMs)) {
      throw new DiaryRefusal(400, 'timeRangeEmpty', 'The specified time range is empty.');
    }
    if (window.endMs - window.startMs > FREE_BUSY_DAYS_MAX * DAY_MS) {
      throw new DiaryRefusal(400, 'timeRangeTooLong', 'The requested time range is too long.');
    }
    const calendars = Object.fromEntries(
      items.map(({ id }) => {
        const found = diaries.get(id === 'primary' ? email : id.toLowerCase());
        if (!found || found.roleOf(email) === undefined) {
          return [id, { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }];
        }
        const busy = found.busy(window).map(({ startMs, endMs }) => ({
          start: new Date(Math.max(startMs, window.startMs)).toISOString(),
          end: new Date(Math.min(endMs, window.endMs)).toISOString(),
        }));
        return [id, { busy }];
      }),
    );
    send({ status: 200, body: { kind: 'calendar#freeBusy', timeMin, timeMax, calendars } });
  }

  function list({ url, answer: send }: Exchange, diaryOf: Diary): void {
    const query = url.searchParams;
    const expand = query.get('singleEvents') === 'true';
    const size = Math.min(Number(query.get('maxResults') ?? PAGE_DEFAULT), PAGE_MAX);
    const token = query.get('syncToken');
    if (token !== null) {
      const barred = [
        'timeMin',
        'timeMax',
        'updatedMin',
        'q',
        'orderBy',
        'iCalUID',
        'privateExtendedProperty',
      ];
      if (barred.some((name) => query.has(name))) {
        throw new DiaryRefusal(
          400,
          'badRequest',
          'Sync token cannot be combined with this parameter.',
        );
      }
    }
    const { change, window } = token === null ? askedFor(query) : fromToken(token);
    const found =
      change === undefined
        ? diaryOf.list(window, { expand, deleted: query.get('showDeleted') === 'true' })
        : diaryOf.since(change, window, expand);
    const properties = query.getAll('privateExtendedProperty').map((each) => each.split('='));
    const fitting = found
      .filter((event) =>
        properties.every(
          ([name = '', ...value]) => event.extendedProperties?.private?.[name] === value.join('='),
        ),
      )
      .map(forReaders);
    if (query.get('orderBy') === 'startTime') {
      const startOf = (event: GoogleEvent) => instantOf(event.start, diaryOf.timeZone);
      fitting.sort((a, b) => startOf(a) - startOf(b));
    }
    const from = Number(query.get('pageToken') ?? 0);
    const items = fitting.slice(from, from + size);
    const more = from + size < fitting.length;
    send({
      status: 200,
      body: {
        kind: 'calendar#events',
        etag: `"${diaryOf.changes}"`,
        summary: diaryOf.summary,
        updated: new Date(parts.now()).toISOString(),
        timeZone: diaryOf.timeZone,
        accessRole: 'owner',
        defaultReminders: [],
        ...(more
          ? { nextPageToken: String(from + size) }
          : { nextSyncToken: toToken(diaryOf, window) }),
        items,
      },
    });
  }

  function get({ answer: send }: Exchange, found: Diary, id: string): void {
    const event = found.get(id);
    if (!event) throw new DiaryRefusal(404, 'notFound', 'Not Found');
    send({ status: 200, body: event });
  }

  async function change(
    exchange: Exchange,
    found: Diary,
    method: string,
    id: string | undefined,
  ): Promise<void> {
    const { request, answer: send } = exchange;
    let body: object | string;
    if (id === undefined && method === 'POST') {
      body = found.insert(JSON.parse(await exchange.body()) as EventInput);
    } else if (id !== undefined && method === 'PATCH') {
      const given = JSON.parse(await exchange.body()) as EventInput;
      body = found.patch(id, given, request.headers['if-match']);
    } else if (id !== undefined && method === 'DELETE') {
      found.delete(id);
      body = '';
    } else throw new DiaryRefusal(404, 'notFound', 'Not Found');
    parts.changed();
    if (!(await exchange.stored())) return;
    send({ status: method === 'DELETE' ? 204 : 200, body });
  }
}

/** In the form of all of Google's JSON interfaces. */
export function googleRefusal(refusal: {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}): Refusal {
  const { status, reason, message } = refusal;
  const errors = [{ domain: 'global', reason, message }];
  return { status, body: { error: { code: status, message, errors } } };
}

function demandScope(scope: string, wanted: readonly string[]): void {
  const granted = new Set(scope.split(' '));
  if (wanted.some((each) => granted.has(`${scopeRoot}${each}`))) return;
  const message = 'Request had insufficient authentication scopes.';
  throw new DiaryRefusal(403, 'insufficientPermissions', message);
}

/** A cancelled event is no more than its id to those who list. */
function forReaders(event: GoogleEvent): GoogleEvent {
  if (event.status !== 'cancelled') return event;
  const { kind, etag, id, status } = event;
  return { kind, etag, id, status } as GoogleEvent;
}

function resourceOf({ id, summary, timeZone }: Diary) {
  return { kind: 'calendar#calendar', etag: '"0"', id, summary, timeZone };
}

function entryOf(found: Diary, email: string) {
  const primary = found.id === email && { primary: true };
  return { ...resourceOf(found), kind: 'calendar#calendarListEntry', selected: true, ...primary };
}

function askedFor(query: URLSearchParams) {
  const at = (name: string) => (query.has(name) ? Date.parse(query.get(name) ?? '') : undefined);
  const [startMs, endMs] = [at('timeMin'), at('timeMax')];
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) {
    throw new DiaryRefusal(400, 'badRequest', 'Bad Request');
  }
  const window = {
    ...(startMs !== undefined && { startMs }),
    ...(endMs !== undefined && { endMs }),
  };
  return { change: undefined, window };
}

/** A token holds where the reader is and what was asked for at first. */
function toToken(found: Diary, window: object): string {
  return Buffer.from(JSON.stringify({ change: found.changes, window })).toString('base64url');
}

function fromToken(token: string): {
  change: number;
  window: { startMs?: number; endMs?: number };
} {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as ReturnType<typeof fromToken>;
  } catch {
    throw new DiaryRefusal(400, 'invalid', 'Invalid sync token value.');
  }
}
