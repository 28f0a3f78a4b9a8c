// Which ways of signing in this server has, and in the sandbox one that needs nothing: as the demo owner.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { AppError } from '../../../lib/errors.ts';
import type { User } from '../../../store/accounts/users.ts';
import { errors, open } from '../../schemas/schemas.ts';
import { startSession } from '../../identity/sign-in.ts';
import type { SignInParts } from '../../identity/sign-in.ts';
import { UserAnswer, userAnswer } from '../../schemas/user-schemas.ts';

export interface DemoSignInParts extends SignInParts {
  /** Whether Google is configured. */
  readonly google: unknown;
  /** The owner that anybody may be; undefined outside the sandbox. */
  readonly findDemoOwner: (() => Promise<User | undefined>) | undefined;
}

const tags = ['Signing in'];

export function demoSignInRoutes(parts: DemoSignInParts): FastifyPluginAsyncTypebox {
  const { google, findDemoOwner } = parts;
  return async (app) => {
    app.get(
      '/auth/ways',
      {
        schema: {
          tags,
          summary: 'Ways to sign in',
          description: 'Beside a password, which always works.',
          security: open,
          response: {
            200: Type.Object({
              google: Type.Boolean({ examples: [true] }),
              demo: Type.Boolean({ description: 'Only in the sandbox.' }),
            }),
            ...errors(),
          },
        },
      },
      async () => ({ google: google !== undefined, demo: findDemoOwner !== undefined }),
    );

    app.post(
      '/auth/demo',
      {
        schema: {
          tags,
          summary: 'Sign in as the demo owner',
          description: 'In the sandbox: logs the browser in without a password. 404 elsewhere.',
          security: open,
          response: { 200: UserAnswer, ...errors(404) },
        },
      },
      async (request, reply) => {
        const owner = await findDemoOwner?.();
        if (!owner) throw new AppError('not_found', 'there is no demo owner');
        await startSession(request, reply, parts, owner.id);
        return userAnswer(owner);
      },
    );
  };
}
