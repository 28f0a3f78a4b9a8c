// Users in the hands of administrators: listed, counted, made, changed, removed. Moderators read.

import type { FastifyPluginAsync } from 'fastify';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import { newId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/log.ts';
import { hashPassword, passwordFaults } from '../../../lib/passwords.ts';
import {
  countUsers,
  deleteUser,
  findUser,
  insertUser,
  listUsers,
  updateUser,
} from '../../../store/accounts/admin-users.ts';
import type { ListedUser, Taken } from '../../../store/accounts/admin-users.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { found, requireRole, requireUser, userOf } from '../../identity/auth.ts';
import { endpointRates } from '../../every-request/endpoint-rates.ts';
import { invalid, writable } from '../../schemas/fields.ts';
import { pageHeaders, pageQuery, parsePage, searchQuery, tellPage } from '../../schemas/page.ts';
import {
  errors,
  Id,
  Message,
  nullable,
  optional,
  signedIn,
  Timestamp,
} from '../../schemas/schemas.ts';
import { email, PASSWORD_GIVEN_MAX } from '../../schemas/user-schemas.ts';

const USERS_MAX = 1000;

const role = Type.Union([Type.Literal('user'), Type.Literal('admin'), Type.Literal('moderator')]);
const status = Type.Union([
  Type.Literal('active'),
  Type.Literal('blocked'),
  Type.Literal('inactive'),
]);
const type = Type.Union([Type.Literal('owner'), Type.Literal('patient')]);
const username = Type.String({
  minLength: 1,
  maxLength: 320,
  pattern: '^\\S(.*\\S)?$',
  'x-messages': { pattern: 'No spaces at the ends.' },
});
const password = Type.String({
  maxLength: PASSWORD_GIVEN_MAX,
  description: 'At least 8 characters.',
});

const UserShown = Type.Object({
  user_id: Id,
  username: Type.String(),
  email: nullable(Type.String()),
  role,
  status,
  type,
  created_at: Timestamp,
});
const given = {
  email: optional(nullable(email)),
  password: optional(nullable(password)),
  role: optional(role),
  status: optional(status),
  type: optional(type),
};
const NewUser = Type.Object(
  { username, ...given },
  { examples: [{ username: 'john', role: 'user', status: 'active' }] },
);
const UserChange = Type.Object(
  { username: optional(username), ...given },
  { examples: [{ status: 'blocked' }] },
);
const params = Type.Object({ user_id: Id });
const tags = ['Administration: users'];
const config = { rate: endpointRates.default };

export interface AdminUsersParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
}

/** contracts/gateway-api.md "User Management". */
export function adminUserRoutes({ sql, clock, log }: AdminUsersParts): FastifyPluginAsync {
  const routes: FastifyPluginAsyncTypebox = async (app) => {
    app.addHook('onRequest', requireUser);
    app.addHook('onRequest', requireRole('admin', 'moderator'));

    app.get(
      '/admin/users',
      {
        config,
        schema: {
          tags,
          summary: 'List all users',
          description: `Newest first. ${pageHeaders}`,
          security: signedIn,
          querystring: Type.Object({
            ...pageQuery,
            limit: Type.Integer({ minimum: 1, maximum: USERS_MAX, default: 100 }),
            q: searchQuery('name or e-mail address'),
          }),
          response: { 200: Type.Array(UserShown), ...errors(401) },
        },
      },
      async (request, reply) => {
        const page = await listUsers(sql, { ...parsePage(request.query), q: request.query.q });
        tellPage(request, reply, page);
        return page.rows.map(shown);
      },
    );

    app.get(
      '/admin/users/stats',
      {
        config,
        schema: {
          tags,
          summary: 'Count users',
          security: signedIn,
          response: {
            200: Type.Object({
              total_users: Type.Integer({ examples: [120] }),
              active_users: Type.Integer({ examples: [117] }),
              blocked_users: Type.Integer({ examples: [2] }),
              inactive_users: Type.Integer(),
            }),
            ...errors(401),
          },
        },
      },
      async () => {
        const { total, active, blocked, inactive } = await countUsers(sql);
        return {
          total_users: total,
          active_users: active,
          blocked_users: blocked,
          inactive_users: inactive,
        };
      },
    );

    app.get(
      '/admin/users/:user_id',
      {
        config,
        schema: {
          tags,
          summary: 'Get a user',
          security: signedIn,
          params,
          response: { 200: UserShown, ...errors(401, 404) },
        },
      },
      async (request) => shown(found(await findUser(sql, request.params.user_id))),
    );

    app.post(
      '/admin/users',
      {
        config: { ...config, neverKept: true },
        schema: {
          tags,
          summary: 'Create a user',
          security: signedIn,
          body: NewUser,
          response: { 201: UserShown, ...errors(401) },
        },
      },
      async (request, reply) => {
        const body = writable(NewUser, request.body);
        const made = await insertUser(sql, newId(clock.now()), {
          username: body.username,
          email: body.email ?? null,
          role: body.role ?? 'user',
          status: body.status ?? 'active',
          type: body.type ?? 'owner',
          passwordHash: await hashOf(body.password, [body.username, body.email ?? '']),
        });
        const user = unlessTaken(made);
        log.info('user made', { by: userOf(request).id, userId: user.id, role: user.role });
        return reply.code(201).send(shown(user));
      },
    );

    app.put(
      '/admin/users/:user_id',
      {
        config,
        schema: {
          tags,
          summary: 'Update a user',
          description:
            'What is left out stays. A new password, role or status ends all logins of the user. Administrators keep their own role and status.',
          security: signedIn,
          params,
          body: UserChange,
          response: { 200: UserShown, ...errors(401, 404, 409) },
        },
      },
      async (request) => {
        const { user_id: id } = request.params;
        const before = found(await findUser(sql, id));
        const { password: fresh, ...rest } = writable(UserChange, request.body, shown(before));
        const own = id === userOf(request).id;
        const stepsDown =
          (rest.role ?? before.role) !== before.role ||
          (rest.status ?? before.status) !== before.status;
        if (own && stepsDown) throw aboutOneself();
        const names = [rest.username ?? before.username, rest.email ?? before.email ?? ''];
        const passwordHash = await hashOf(fresh, names);
        const changed = found(await updateUser(sql, id, { ...rest, passwordHash }));
        log.info('user changed', {
          by: userOf(request).id,
          userId: id,
          fields: Object.keys(request.body),
        });
        return shown(unlessTaken(changed));
      },
    );

    app.delete(
      '/admin/users/:user_id',
      {
        config,
        schema: {
          tags,
          summary: 'Delete a user',
          description:
            'With their logins, chats and sessions. One who owns clients, or has bought for some, stays: their books are kept.',
          security: signedIn,
          params,
          response: { 200: Message, ...errors(401, 404, 409) },
        },
      },
      async (request) => {
        const { user_id: id } = request.params;
        if (id === userOf(request).id) throw aboutOneself();
        const done = await deleteUser(sql, id);
        if (done === 'in the books') {
          throw new AppError('conflict', 'a user who stands in the books', {
            publicMessage:
              'This user owns clients, or has bought for some, whose books are kept. Block the user instead.',
          });
        }
        found(done === 'deleted' || undefined);
        log.info('user deleted', { by: userOf(request).id, userId: id });
        return { message: 'User deleted' };
      },
    );
  };
  return routes;
}

async function hashOf(
  given: string | null | undefined,
  names: readonly string[],
): Promise<string | undefined> {
  if (given === undefined || given === null) return undefined;
  const faults = await passwordFaults(given, names);
  if (faults.length > 0) {
    throw new AppError('invalid', 'a weak password', { fields: { password: faults } });
  }
  return hashPassword(given);
}

function unlessTaken(made: ListedUser | Taken): ListedUser {
  if (typeof made !== 'string') return made;
  throw invalid(made, `User with this ${made} already exists.`);
}

function aboutOneself(): AppError {
  return new AppError('conflict', 'an administrator about themselves', {
    publicMessage: 'Another administrator has to do this to you.',
  });
}

function shown({ id, createdAt, ...user }: ListedUser) {
  return { user_id: id, ...user, created_at: createdAt.toISOString() };
}
