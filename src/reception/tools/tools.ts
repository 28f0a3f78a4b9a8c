// What the model may do besides the calendar: take a message, hand over to a person, end the call.

import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Clock } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { Tool } from '../../pipeline/types.ts';
import { passOnMessage } from '../../delivery/tell.ts';
import { saveConsent } from '../../store/calls/call-consents.ts';
import type { Sql } from '../../store/database/sql.ts';
import { outlasting } from '../../store/database/store-error.ts';
import { transferSentence } from '../stored-speech/stock-sentences.ts';
import type { TransferDesk } from './transfers.ts';

/** A caller waits so long for a database that is away; a filler covers it. Less than what a tool may take. */
const KEEP_MS_MAX = 14_000;

const messageArguments = Type.Object(
  {
    name: Type.String({ description: 'Who leaves the message.', minLength: 1, maxLength: 200 }),
    text: Type.String({ description: 'The message, in full.', minLength: 1, maxLength: 2000 }),
    phone: Type.Optional(
      Type.String({
        description: "Number to call back, if it is not the caller's own.",
        maxLength: 40,
      }),
    ),
    urgent: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** Stores a message for the business, and has it told in `language`. */
export function takeMessageTool({
  sql,
  clock,
  language,
}: {
  sql: Sql;
  clock: Clock;
  language: string;
}): Tool {
  /** A model that has lost its way, or follows one that was lost, may ask for the same again. */
  const taken = new Set<string>();
  return {
    name: 'take_message',
    description:
      'Takes a message for the business. Ask for the name, and for a number if the caller has none or wants another.',
    parameters: messageArguments,
    async run(given, { clientId, callId, callerPhone }) {
      const { name, text, phone, urgent } = given as Static<typeof messageArguments>;
      const message = {
        id: newId(clock.now()),
        clientId,
        conversationId: callId,
        name,
        phone: phone ?? callerPhone ?? '',
        text,
        urgent: urgent ?? false,
      };
      const key = JSON.stringify([name, text, message.phone]);
      if (!taken.has(key)) {
        await outlasting(clock, KEEP_MS_MAX, () => passOnMessage(sql, message, language));
        taken.add(key);
      }
      return { text: 'The message is stored and will be passed on.', outcome: 'message' };
    },
  };
}

/** Hands the caller to one of the people the owner has named, and to nobody else. */
export function transferTool(
  { people, begin }: Pick<TransferDesk, 'people' | 'begin'>,
  language = 'en',
): Tool {
  const listed = people
    .map(({ key, name, description }) => `${key}: ${name}${description && ` (${description})`}`)
    .join('; ');
  return {
    name: 'transfer_call',
    description: `Hands the caller over to a person of the business, and tells them so: say nothing yourself in the same turn. The people: ${listed}.`,
    parameters: Type.Object(
      {
        person: Type.Optional(
          Type.Enum(
            people.map(({ key }) => key),
            { description: 'Whom; the first if it does not matter.' },
          ),
        ),
        reason: Type.Optional(
          Type.String({
            description: 'What the caller wants, in a few words: the person hears it.',
            maxLength: 300,
          }),
        ),
      },
      { additionalProperties: false },
    ),
    async run(given, context) {
      const { person: key, reason = '' } = given as { person?: string; reason?: string };
      const person = people.find((each) => each.key === key) ?? people[0]!;
      const begun = await begin(person, reason);
      if (begun.type === 'too-often') {
        return {
          text: '{"error":"too_often"} Nobody can be reached now. Offer to take a message.',
        };
      }
      context.transfer(begun.target);
      return {
        text: 'The caller is handed over now.',
        say: transferSentence(language),
        outcome: 'transferred',
      };
    },
  };
}

/** Writes down that whoever was called does not want to be. */
export function stopCallingTool(sql: Sql): Tool {
  return {
    name: 'stop_calling',
    description: 'Writes down that this person does not want to be called by the business again.',
    parameters: Type.Object({}, { additionalProperties: false }),
    async run(_given, { clientId, callerPhone }) {
      if (callerPhone !== undefined) {
        const refusal = { phoneNumber: callerPhone, state: 'refused', source: 'call' } as const;
        await saveConsent(sql, clientId, refusal);
      }
      return {
        text: 'It is written down: they are not called again. Apologise briefly and say goodbye.',
      };
    },
  };
}

/** Answers a menu of the other end. */
export const pressKeysTool: Tool = {
  name: 'press_keys',
  description:
    'Presses keys on the telephone, where a machine at the other end asks for them. Say nothing in the same turn.',
  parameters: Type.Object(
    {
      keys: Type.String({
        pattern: '^[0-9*#w]{1,32}$',
        description: 'Digits, * and #; w waits half a second.',
      }),
    },
    { additionalProperties: false },
  ),
  run(given, context) {
    context.press((given as { keys: string }).keys);
    return Promise.resolve({ text: 'The keys are pressed now. Wait for what is said next.' });
  },
};

/** Hangs up once the goodbye has been heard. */
export const endCallTool: Tool = {
  name: 'end_call',
  description: 'Ends the call. Say goodbye first, in the same turn.',
  parameters: Type.Object({}, { additionalProperties: false }),
  run(_given, context) {
    context.hangUp();
    return Promise.resolve({ text: 'The call ends now.' });
  },
};
