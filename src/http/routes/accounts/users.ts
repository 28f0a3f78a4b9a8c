// The user's own account: profile, preferences, password.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import { hashPassword, passwordFaults, verifyPassword } from '../../../lib/passwords.ts';
import { replacePassword } from '../../../store/accounts/credentials.ts';
import {
  findActiveUser,
  findPasswordHash,
  findPreferences,
  savePreferences,
  saveProfile,
} from '../../../store/accounts/users.ts';
import type { User } from '../../../store/accounts/users.ts';
import { found, requireUser, userOf, visitorOf } from '../../identity/auth.ts';
import { refuse, tellLimit } from '../../every-request/rate-limit.ts';
import { Message, errors, signedIn } from '../../schemas/schemas.ts';
import type { SignInParts } from '../../identity/sign-in.ts';
import {
  PASSWORD_GIVEN_MAX,
  PreferencesAnswer,
  PreferencesGiven,
  ProfileAnswer,
  displayName,
  email,
  preferencesAnswer,
  userAnswer,
} from '../../schemas/user-schemas.ts';

const tags = ['Account'];

/** contracts/voice-agent-api.md "Django User Profile API". */
export function userRoutes(parts: SignInParts): FastifyPluginAsyncTypebox {
  const { sql, limiter, clock } = parts;

  return async (app) => {
    app.addHook('onRequest', requireUser);

    app.get(
      '/api/users/profile',
      {
        schema: {
          tags,
          summary: 'My profile',
          security: signedIn,
          response: { 200: ProfileAnswer, ...errors(401) },
        },
      },
      async (request) => profileOf(userOf(request)),
    );

    app.patch(
      '/api/users/profile',
      {
        config: { ownAccount: true },
        schema: {
          tags,
          summary: 'Change my name or e-mail address',
          security: signedIn,
          body: Type.Object({
            display_name: Type.Optional(displayName),
            email: Type.Optional(email),
          }),
          response: { 200: ProfileAnswer, ...errors(401) },
        },
      },
      async (request, reply) => {
        const { id, email: before } = userOf(request);
        const { display_name: name, email: address } = request.body;
        if (address !== undefined && address !== before) {
          // Otherwise this would tell who has an account, as fast as one asks.
          const verdict = await limiter.takeRegistration(request.ip);
          if (!verdict.allowed) {
            tellLimit(reply, verdict, clock);
            return refuse(reply, verdict);
          }
        }
        const saved = await saveProfile(sql, id, { name: name?.trim(), email: address });
        if (saved === 'taken') throw invalid('email', 'User with this email already exists.');
        return profileOf(found(await findActiveUser(sql, id)));
      },
    );

    app.put(
      '/api/users/preferences',
      {
        config: { ownAccount: true },
        schema: {
          tags,
          summary: 'Change my preferences',
          description: 'What is left out stays as it is.',
          security: signedIn,
          body: PreferencesGiven,
          response: { 200: PreferencesAnswer, ...errors(401) },
        },
      },
      async (request) => {
        const { id } = userOf(request);
        const given = request.body;
        await savePreferences(sql, id, {
          preferredVoice: given.preferred_voice,
          preferredLanguage: given.preferred_language,
          favoriteTopics: given.favorite_topics,
          systemPromptOverride: given.system_prompt_override,
        });
        return preferencesAnswer(await findPreferences(sql, id));
      },
    );

    app.post(
      '/api/users/change-password',
      {
        config: { ownAccount: true },
        schema: {
          tags,
          summary: 'Change my password',
          description:
            'Ends all other sessions and logins. An account that has only signed in with Google has no current password: any will do.',
          security: signedIn,
          body: Type.Object(
            {
              current_password: Type.String({ maxLength: PASSWORD_GIVEN_MAX }),
              new_password: Type.String({ maxLength: PASSWORD_GIVEN_MAX }),
            },
            {
              examples: [
                { current_password: 'what it was until now', new_password: 'four words of mine' },
              ],
            },
          ),
          response: { 200: Message, ...errors(401) },
        },
      },
      async (request, reply) => {
        const visitor = visitorOf(request);
        const { id, email: address, name } = visitor.user;
        const { current_password: current, new_password: next } = request.body;
        const key = `password:${id}`;
        const verdict = await limiter.take(key, limiter.limits.logins);
        if (!verdict.allowed) {
          tellLimit(reply, verdict, clock);
          return refuse(reply, verdict);
        }
        const hash = await findPasswordHash(sql, id);
        if (hash !== null && !(await verifyPassword(current, hash))) {
          throw invalid('current_password', 'Current password is incorrect.');
        }
        limiter.giveBack(key);
        const faults = await passwordFaults(next, [address ?? '', name]);
        if (faults.length > 0) throw invalid('new_password', ...faults);
        await replacePassword(sql, id, await hashPassword(next), {
          sessionToken: visitor.by === 'session' ? visitor.sessionToken : undefined,
          familyId: visitor.by === 'token' ? visitor.familyId : undefined,
        });
        return { message: 'Password changed successfully' };
      },
    );
  };

  async function profileOf(user: User) {
    const preferences = await findPreferences(sql, user.id);
    return { ...userAnswer(user), preferences: preferencesAnswer(preferences) };
  }
}

function invalid(field: string, ...faults: readonly string[]): AppError {
  return new AppError('invalid', `${field} is not valid`, { fields: { [field]: faults } });
}
