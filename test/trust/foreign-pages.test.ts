// Pages of other sites in a real browser whose user is logged in to us: what they ask for changes nothing (T65), and what is live stays out of their reach (T66).

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { html } from '../../src/lib/html.ts';
import { hashPassword } from '../../src/lib/passwords.ts';
import { startTestApi } from '../support/product/api.ts';
import type { TestApi } from '../support/product/api.ts';
import { openBrowser } from '../support/browser/browser.ts';
import { startBusiness } from '../support/product/business.ts';
import type { Business } from '../support/product/business.ts';

const PASSWORD = 'a long enough password';

/** An empty page for any path. `localhost` and `127.0.0.1` are two sites to a browser, ports of one are the same site. */
async function startForeignSite(t: { after(act: () => void): void }): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Elsewhere</title><iframe name="hidden"></iframe>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface Victim {
  readonly context: BrowserContext;
  /** A tab on our own origin, with the cookie that the browser got by logging in. */
  readonly own: Page;
  readonly business: Business;
  readonly userId: string;
}

async function startVictim(
  t: { after(act: () => Promise<void>): void },
  api: TestApi,
): Promise<Victim> {
  const user = await api.user({ passwordHash: await hashPassword(PASSWORD) });
  const business = await startBusiness(api, user);
  const context = await (await openBrowser(t)).newContext();
  const own = await context.newPage();
  await own.goto(`${api.url}/health`);
  const login = { email: user.email, password: PASSWORD };
  assert.equal((await ask(own, '/api/auth/login', 'POST', login)).status, 200);
  return { context, own, business, userId: user.id };
}

/** Of one site with ours to the browser, so that the cookie comes along; and of another site. */
const foreignSites = (port: number) =>
  [
    [`http://127.0.0.1:${port}`, true],
    [`http://localhost:${port}`, false],
  ] as const;

function ask(
  page: Page,
  path: string,
  method = 'GET',
  body?: object,
): Promise<{ status: number; text: string }> {
  return page.evaluate(
    async ([path, method, body]) => {
      const answer = await fetch(path!, {
        method: method!,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    [path, method, body && JSON.stringify(body)],
  );
}

interface Attack {
  readonly name: string;
  /** Runs in the foreign page. */
  run(page: Page, api: string): Promise<void>;
}

const change = { display_name: 'Mallory' };

/** A form that the page fills and sends by itself, into a frame. */
function form(
  name: string,
  method: 'get' | 'post',
  path: string,
  enctype: string,
  fields: Readonly<Record<string, string>>,
): Attack {
  return {
    name,
    async run(page, api) {
      const sent = page.waitForResponse((response) => response.url().startsWith(api));
      const inputs = Object.entries(fields).map(
        ([key, value]) => html`<input name="${key}" value="${value}" />`,
      );
      await page.setContent(
        html`<iframe name="hidden"></iframe>
          <form method="${method}" action="${api}${path}" enctype="${enctype}" target="hidden">
            ${inputs}
          </form>`.toString(),
      );
      await page.evaluate('document.forms[0].submit()');
      await sent;
    },
  };
}

function script(name: string, path: string, init: RequestInit): Attack {
  return {
    name,
    async run(page, api) {
      const read = await page.evaluate(
        async ([url, init]) => {
          try {
            const answer = await fetch(url!, { credentials: 'include', ...JSON.parse(init!) });
            return answer.type === 'opaque' ? '' : await answer.text();
          } catch {
            return '';
          }
        },
        [`${api}${path}`, JSON.stringify(init)],
      );
      assert.equal(read, '', `${name}: the page cannot read the answer`);
    },
  };
}

const json = JSON.stringify(change);
const urlencoded = 'application/x-www-form-urlencoded';
const attacks: readonly Attack[] = [
  form('a form', 'post', '/api/clients', urlencoded, { name: 'Mallory' }),
  form('a form with files', 'post', '/api/clients', 'multipart/form-data', { name: 'Mallory' }),
  // The field's name and value join into a JSON body.
  form('a form that writes JSON', 'post', '/api/clients', 'text/plain', {
    '{"name":"Mallory","x":"': '"}',
  }),
  form('a form that logs out', 'post', '/api/auth/logout', urlencoded, {}),
  form('a link with a method', 'get', '/api/users/profile', urlencoded, {
    _method: 'PATCH',
    ...change,
  }),
  form('a link that logs out', 'get', '/api/auth/logout', urlencoded, {}),
  script('text that is JSON', '/api/clients', { method: 'POST', mode: 'no-cors', body: json }),
  script('no body', '/api/auth/logout', { method: 'POST', mode: 'no-cors' }),
  script('JSON', '/api/users/profile', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: json,
  }),
  script('a removal', '/api/clients/019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a', { method: 'DELETE' }),
  script('a method by header', '/api/users/profile', {
    headers: { 'x-http-method-override': 'PATCH' },
  }),
  script('a look', '/api/users/profile', {}),
];

test('no page elsewhere changes anything with the cookie of a logged-in browser', async (t) => {
  const api = await startTestApi(t);
  const port = await startForeignSite(t);
  const { context, own } = await startVictim(t, api);
  const before = await state(own);
  for (const [site, cookieComes] of foreignSites(port)) {
    const page = await context.newPage();
    await page.goto(site);
    const refusals: number[] = [];
    const sent: Promise<Record<string, string>>[] = [];
    page.on('response', (response) => {
      const request = response.request();
      if (!request.url().startsWith(api.url)) return;
      if (request.method() === 'POST') refusals.push(response.status());
      sent.push(request.allHeaders().catch(() => ({})));
    });
    for (const attack of attacks) {
      await attack.run(page, api.url);
      assert.deepEqual(await state(own), before, `${attack.name} from ${site}`);
    }
    // The browser keeps some answers to scripts even from its own protocol; those to the four forms it shows.
    assert.ok(refusals.length >= 4, String(refusals));
    assert.deepEqual(new Set(refusals), new Set([403]), 'refused for where it comes from');
    const cookies = (await Promise.all(sent)).filter(({ cookie }) => cookie?.includes('sessionid'));
    assert.equal(cookies.length > 0, cookieComes, `the cookie comes along from ${site}`);
    await page.close();
  }
  const changed = await ask(own, '/api/users/profile', 'PATCH', change);
  assert.equal(changed.status, 200, 'the same change from our own page');
  assert.notDeepEqual(await state(own), before);
});

test('no page elsewhere listens to a call with the cookie of a logged-in browser', async (t) => {
  const api = await startTestApi(t);
  const port = await startForeignSite(t);
  const { context, own, business, userId } = await startVictim(t, api);
  const events = `${api.url}/api/active-calls/${business.call_id}/events`;
  assert.equal(await firstEvent(own, events), 'call');
  for (const [name, path, opens] of sockets(business, userId)) {
    const socket = `${api.url.replace('http', 'ws')}${path}`;
    assert.equal(
      await firstMessage(own, socket),
      opens ? 'open' : 'closed',
      `${name}, our own page`,
    );
  }
  for (const [site] of foreignSites(port)) {
    const page = await context.newPage();
    await page.goto(site);
    assert.equal(await firstEvent(page, events), 'error', `server-sent events from ${site}`);
    for (const [name, path] of sockets(business, userId)) {
      const socket = `${api.url.replace('http', 'ws')}${path}`;
      assert.equal(await firstMessage(page, socket), 'closed', `${name} from ${site}`);
    }
    await page.close();
  }
});

/** Every socket there is, and whether the cookie of its user opens it. */
const sockets = ({ client_id: clientId }: Business, userId: string) =>
  [
    ['the test call', `/api/clients/${clientId}/test-call`, true],
    ['the chat', `/ws/${userId}`, true],
    ['the media of a call', `/ws/${clientId}/anonymous`, false],
  ] as const;

/** What a page gets to see first of server-sent events. */
function firstEvent(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const source = new EventSource(url, { withCredentials: true });
        for (const name of ['call', 'words', 'utterance', 'balance', 'error']) {
          source.addEventListener(name, () => {
            source.close();
            resolve(name);
          });
        }
      }),
    url,
  );
}

/** What a page gets to see first of a socket. */
function firstMessage(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (url) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url);
        socket.addEventListener('open', () => resolve('open'));
        socket.addEventListener('close', () => resolve('closed'));
      }),
    url,
  );
}

/** What the attacks are after: the user's name, the list of clients, and being logged in at all. */
async function state(own: Page): Promise<unknown> {
  const profile = await ask(own, '/api/users/profile');
  const clients = await ask(own, '/api/clients');
  const { display_name } = JSON.parse(profile.text) as { display_name?: string };
  const names = (JSON.parse(clients.text) as { name: string }[]).map(({ name }) => name);
  return [profile.status, display_name, clients.status, names];
}
