// Asks a server of its own every field of every route in the OpenAPI document, one strange value at a time and all else right.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { startApiWithIds } from './api-with-ids.ts';
import { strangeFields } from './strange-fields.ts';
import type { StrangeField } from './strange-fields.ts';
import type { Answer } from '../product/api.ts';

const AT_ONCE = 4;

/** It never ends, costs a hash each time, or ends the logins of those who ask. */
const leftOut = [/\/events$/, /^\/auth\/|\/auth\//, /change-password/, /delete-account/];
const forAdmins = [/^\/admin/, /^\/api\/billing/, /\/adjustments$/];

/**
 * None is a fault of ours, none is taken that the document does not allow, and whoever is refused is told which field it was.
 * Of `every` requests one is sent: all values with 1.
 */
export async function askStrangeFields(t: TestContext, every: number): Promise<void> {
  const { api, owner, admin, ids } = await startApiWithIds(t);
  const routes = api.document.routes.filter(({ path }) => !leftOut.some((each) => each.test(path)));
  const isAllowed = judge();
  const wrong: string[] = [];
  let made = 0;
  let asked = 0;
  const queue = routes.values();
  const one = async () => {
    for (const route of queue) {
      const who = forAdmins.some((each) => each.test(route.path)) ? admin : owner;
      for (const strange of strangeFields(route, ids, () => made)) {
        made += 1;
        if (made % every !== 0) continue;
        asked += 1;
        const { method, path, ask } = strange.request;
        const headers = { ...ask.headers, authorization: `Bearer ${who.accessToken}` };
        const answer = await api.send(method, path, { ...ask, headers });
        const shown = JSON.stringify(strange.value)?.slice(0, 80) ?? 'nothing';
        const where = `${method} ${route.path} ${strange.place} ${strange.field}: ${shown}`;
        look(strange, answer, `${where}: ${answer.status} ${answer.text.slice(0, 300)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  t.diagnostic(`${asked} requests`);
  assert.deepEqual(wrong, []);
  assert.ok(made > 5000, `only ${made} were made`);
  assert.deepEqual(
    api.log.filter(({ msg }) => msg === 'request failed'),
    [],
  );

  function look({ place, field, value, schema }: StrangeField, answer: Answer, said: string) {
    const { status, text, json } = answer;
    // A service that nobody has set up is said to be off, by name; that is no fault.
    if (status === 503 && /not (configured|set up)/.test(text)) return;
    if (status >= 500) wrong.push(said);
    if (place !== 'body' || schema === undefined || isAllowed(schema, value)) return;
    if (status < 400) wrong.push(`taken although the document does not allow it: ${said}`);
    if (status !== 400) return;
    // The calls' own form of failure names it in its details.
    const named = json.error ? [json.error.details] : Object.keys(json);
    const isNamed = named.some((name: string) => name.split(/[.:]/)[0] === field);
    if (!isNamed) wrong.push(`the field is not named: ${said}`);
  }
}

/** Whether a schema of the document takes a value. */
function judge(): (schema: object, value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false });
  (formats as unknown as (target: Ajv2020) => void)(ajv);
  return (schema, value) => ajv.validate(schema, value);
}
