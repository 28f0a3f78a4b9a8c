// The end of one's own account: what would go with it, and the deletion, which asks for the password and for what may be lost.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { stopPaying } from '../../../billing/payments/deleted-clients.ts';
import type { PartingParts } from '../../../billing/payments/deleted-clients.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Log } from '../../../lib/log.ts';
import { verifyPassword } from '../../../lib/passwords.ts';
import {
  deleteAccount,
  findAccountStock,
  listClientIdsOf,
} from '../../../store/accounts/account-deletion.ts';
import type { AccountStock } from '../../../store/accounts/account-deletion.ts';
import { isFreshSession } from '../../../store/accounts/sessions.ts';
import { findPasswordHash } from '../../../store/accounts/users.ts';
import { requireUser, userOf, visitorOf } from '../../identity/auth.ts';
import { clearSession } from '../../identity/sign-in.ts';
import type { SignInParts } from '../../identity/sign-in.ts';
import { refuse, tellLimit } from '../../every-request/rate-limit.ts';
import { invalid } from '../../schemas/fields.ts';
import { Message, errors, signedIn } from '../../schemas/schemas.ts';
import { PASSWORD_GIVEN_MAX } from '../../schemas/user-schemas.ts';

/** How long a sign-in with Google shows who somebody is that has no password. */
const FRESH_SECONDS = 600;
const tags = ['Account'];

const Stock = Type.Object({
  clients: Type.Integer({ description: 'Deleted with the account.', examples: [2] }),
  running_calls: Type.Integer({ description: 'While there are any, the account stays.' }),
  seconds: Type.Integer({ description: 'Talk time that would be lost.', examples: [5400] }),
  plans: Type.Integer({ description: 'Clients whose monthly plan would be ended at once.' }),
  last_administrator: Type.Boolean({ description: 'Then the account stays.' }),
  has_password: Type.Boolean({
    description: 'Otherwise a sign-in with Google is asked for, not longer ago than ten minutes.',
  }),
});

const Deletion = Type.Object(
  {
    password: Type.Optional(
      Type.String({
        maxLength: PASSWORD_GIVEN_MAX,
        description: 'Left out by who has none and has just signed in with Google.',
      }),
    ),
    lose_seconds: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'How much talk time may be lost: `seconds` of what the account has, as it was shown. With more than that, nothing is deleted.',
    }),
  },
  { examples: [{ password: 'four words of mine', lose_seconds: 5400 }] },
);

export interface AccountDeletionParts extends SignInParts, PartingParts {
  readonly log: Log;
  /** What opens accounts elsewhere is given back in the background; never rejects. */
  clientDeleted(clientId: string): void;
}

/** docs/decisions/0092. */
export function accountDeletionRoutes(parts: AccountDeletionParts): FastifyPluginAsyncTypebox {
  const { sql, clock, log, limiter } = parts;

  return async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/users/deletion',
      {
        schema: {
          tags,
          summary: 'What would go with my account',
          security: signedIn,
          response: { 200: Stock, ...errors(401) },
        },
      },
      async (request) => shown(await findAccountStock(sql, userOf(request).id)),
    );

    app.post(
      '/api/users/delete-account',
      {
        config: { ownAccount: true },
        schema: {
          tags,
          summary: 'Delete my account',
          description:
            'With all clients. Only in a browser that is signed in, not with a token. Plans are ended at the payment service first; talk time is ' +
            'lost. Nobody signs in or calls from now on, the address is free, and what was said, written and recorded is erased in the ' +
            'background, at the payment service as well with the cards that are saved there; what was paid stays in the books, without a name. ' +
            '409 while a call runs, for the last administrator, and when there is more talk time than may be lost.',
          security: [{ session: [] }],
          body: Deletion,
          response: { 200: Message, ...errors(401, 403, 409, 502, 503) },
        },
      },
      async (request, reply) => {
        const { id } = userOf(request);
        const { password, lose_seconds: loseSeconds } = request.body;
        const key = `password:${id}`;
        const verdict = await limiter.take(key, limiter.limits.logins);
        if (!verdict.allowed) {
          tellLimit(reply, verdict, clock);
          return refuse(reply, verdict);
        }
        await demandProof(request, password);
        limiter.giveBack(key);
        const refuses = (stock: AccountStock) => refuseStock(stock, loseSeconds);
        refuses(await findAccountStock(sql, id));
        for (const clientId of await listClientIdsOf(sql, id)) await stopPaying(parts, clientId);
        const clientIds = await deleteAccount(sql, id, refuses);
        for (const clientId of clientIds) parts.clientDeleted(clientId);
        log.info('an account was deleted by its user', { userId: id, clients: clientIds.length });
        clearSession(reply, parts);
        return { message: 'Account deleted' };
      },
    );
  };

  /** A token may be an administrator's, who can have one for anybody. */
  async function demandProof(request: FastifyRequest, password: string | undefined): Promise<void> {
    const visitor = visitorOf(request);
    if (visitor.by !== 'session') {
      throw new AppError('forbidden', 'an account is deleted in a browser', {
        publicMessage: 'Sign in in a browser to delete your account.',
      });
    }
    const hash = await findPasswordHash(sql, visitor.user.id);
    if (hash !== null) {
      if (password !== undefined && (await verifyPassword(password, hash))) return;
      throw invalid('password', 'The password is incorrect.');
    }
    // Without a password no session begins but with Google, and that of the sandbox's demo owner.
    if (await isFreshSession(sql, visitor.sessionToken, FRESH_SECONDS)) return;
    throw new AppError('forbidden', 'a sign-in that is too long ago', {
      publicMessage: 'Sign out and in again with Google, and then delete your account.',
    });
  }
}

function refuseStock(stock: AccountStock, loseSeconds: number): void {
  const refusal = stock.lastAdministrator
    ? 'You are the only administrator. Make somebody else one first.'
    : stock.runningCalls > 0
      ? 'A call is running. Wait until it is over, or end it.'
      : stock.seconds > loseSeconds
        ? `Your clients have ${stock.seconds} seconds of talk time left, which would be lost.`
        : undefined;
  if (refusal === undefined) return;
  throw new AppError('conflict', 'an account that is not deleted', { publicMessage: refusal });
}

function shown(stock: AccountStock) {
  return {
    clients: stock.clients,
    running_calls: stock.runningCalls,
    seconds: stock.seconds,
    plans: stock.plans,
    last_administrator: stock.lastAdministrator,
    has_password: stock.hasPassword,
  };
}
