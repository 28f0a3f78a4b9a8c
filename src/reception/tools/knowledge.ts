// What the owner lets the receptionist know: a short text stands in the instructions, of a long one the model looks up passages.

import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { Tool } from '../../pipeline/types.ts';
import { readKnowledge, searchKnowledge } from '../../store/clients/knowledge.ts';
import type { Passage } from '../../store/clients/knowledge.ts';
import type { Sql } from '../../store/database/sql.ts';

/** Up to here all of it is told to the model from the start: some thousand tokens, and no look-up to wait for. */
const TOLD_CHARACTERS_MAX = 4000;
/** Passages for one question. */
const PASSAGES_MAX = 4;
/** Of a passage: long enough for a whole thought. */
const PASSAGE_CHARACTERS = 700;

const parameters = Type.Object(
  {
    question: Type.String({
      description: 'What the caller wants to know, with the words that matter.',
      minLength: 1,
      maxLength: 300,
    }),
  },
  { additionalProperties: false },
);

/** What a call knows of the business. */
export interface Knowledge {
  /** For the instructions; undefined when it is too much, or there is none. */
  readonly told: string | undefined;
  /** Looks passages up; undefined when all is told. */
  readonly tool: Tool | undefined;
}

export async function openKnowledge(sql: Sql, clientId: string): Promise<Knowledge> {
  const { characters, sections } = await readKnowledge(sql, clientId, TOLD_CHARACTERS_MAX);
  if (characters === 0) return { told: undefined, tool: undefined };
  if (characters > TOLD_CHARACTERS_MAX) return { told: undefined, tool: knowledgeTool(sql) };
  const text = sections.map(({ title, text }) => `${title}: ${text}`).join('\n');
  return { told: `What is known about the business:\n${text}`, tool: undefined };
}

function knowledgeTool(sql: Sql): Tool {
  return {
    name: 'look_up',
    description:
      'Looks up what is known about the business: prices, services, directions, rules. Use it before you say that you do not know.',
    parameters,
    async run(given, { clientId }) {
      const { question } = given as Static<typeof parameters>;
      const found = await findPassages(sql, clientId, question);
      return {
        text: JSON.stringify(
          found.length > 0
            ? { passages: found }
            : {
                passages: [],
                hint: 'Nothing is known about this. Say so; offer to take a message.',
              },
        ),
      };
    },
  };
}

/** What the model gets to read for a question. */
export function findPassages(sql: Sql, clientId: string, question: string): Promise<Passage[]> {
  return searchKnowledge(sql, { clientId, words: question, limit: PASSAGES_MAX });
}

/** Cuts a text where its thoughts end: at empty lines, then at line ends, then at sentences, at last anywhere. */
export function passagesOf(text: string): string[] {
  const passages: string[] = [];
  for (const part of parts(text.trim(), [/\n\s*\n/, /\n/, /(?<=[.!?…])\s+/, /\s+/])) {
    const last = passages.at(-1);
    if (last !== undefined && last.length + part.length < PASSAGE_CHARACTERS) {
      passages[passages.length - 1] = `${last}\n${part}`;
    } else passages.push(part);
  }
  return passages;
}

function parts(text: string, ends: readonly RegExp[]): string[] {
  if (text.length <= PASSAGE_CHARACTERS) return text.trim() === '' ? [] : [text.trim()];
  const [end, ...finer] = ends;
  if (!end) return text.match(new RegExp(`[^]{1,${PASSAGE_CHARACTERS}}`, 'gu')) ?? [];
  return text.split(end).flatMap((part) => parts(part, finer));
}
