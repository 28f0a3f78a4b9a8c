// Users as the API shows them, and what may be said about one.

import { Type } from 'typebox';
import type { Preferences, User } from '../../store/accounts/users.ts';
import { Id, Timestamp, nullable } from './schemas.ts';

export const PASSWORD_GIVEN_MAX = 1000;

const Email = Type.String({ format: 'email', maxLength: 320, examples: ['user@example.com'] });
export const email = Email;
export const displayName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  examples: ['John Doe'],
  'x-messages': { pattern: 'This field may not be blank.' },
});

export const UserAnswer = Type.Object({
  id: Id,
  email: nullable(Type.String()),
  display_name: Type.String(),
  created_at: Timestamp,
  username: Type.String(),
  role: Type.Union([Type.Literal('user'), Type.Literal('moderator'), Type.Literal('admin')]),
  type: Type.Union([Type.Literal('owner'), Type.Literal('patient')]),
});

export const PreferencesAnswer = Type.Object({
  preferred_voice: Type.String({ examples: ['nova'] }),
  preferred_language: Type.String({ examples: ['en'] }),
  favorite_topics: Type.Array(Type.String(), { examples: [['travel', 'food']] }),
  system_prompt_override: Type.String(),
});

/** What is left out stays as it is. */
export const PreferencesGiven = Type.Object(
  {
    preferred_voice: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })),
    preferred_language: Type.Optional(
      Type.String({
        maxLength: 35,
        pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
        'x-messages': { pattern: 'Enter a language code such as en or pt-BR.' },
      }),
    ),
    favorite_topics: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }), { maxItems: 50 }),
    ),
    system_prompt_override: Type.Optional(Type.String({ maxLength: 20_000 })),
  },
  { examples: [{ preferred_voice: 'nova', favorite_topics: ['travel', 'food'] }] },
);

export const ProfileAnswer = Type.Object({
  ...UserAnswer.properties,
  preferences: PreferencesAnswer,
});

export function userAnswer(user: User) {
  return {
    id: user.id,
    email: user.email,
    display_name: user.name,
    created_at: user.createdAt.toISOString(),
    username: user.username,
    role: user.role,
    type: user.type,
  };
}

export function preferencesAnswer(preferences: Preferences) {
  return {
    preferred_voice: preferences.preferredVoice,
    preferred_language: preferences.preferredLanguage,
    favorite_topics: [...preferences.favoriteTopics],
    system_prompt_override: preferences.systemPromptOverride,
  };
}
