// Commands in conversations: what triggers one is answered without the model, in chats and calls alike.

import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { LanguageModel, ModelEvent, ModelRequest } from '../../pipeline/types.ts';
import { listBotCommands } from '../../store/service/bot-commands.ts';
import type { BotCommand } from '../../store/service/bot-commands.ts';
import type { Sql } from '../../store/database/sql.ts';

/** A change reaches every process within this time. */
const FRESH_MS = 2000;
/** A reply waits no longer for what may have changed, and for what was never read. */
const WAIT_MS = 100;
const FIRST_WAIT_MS = 500;

/** Tools that a command may use: those that need nothing to be known. */
export const commandTools = ['get_available_slots', 'transfer_call', 'end_call'] as const;

/** The commands as they are now. */
export class Commands {
  readonly #parts: { readonly sql: Sql; readonly clock: Clock; readonly log: Log };
  #known: readonly BotCommand[] | undefined;
  #readMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: { readonly sql: Sql; readonly clock: Clock; readonly log: Log }) {
    this.#parts = parts;
  }

  /**
   * Of this client, and those of all. Never rejects, and keeps a caller waiting no longer than moments: while the
   * database is away the last that are known hold.
   */
  async of(clientId: string): Promise<readonly BotCommand[]> {
    const { clock } = this.#parts;
    if (this.#readMs + FRESH_MS <= clock.elapsed()) {
      this.#readMs = clock.elapsed();
      this.#reading = this.#read();
    }
    const late = () => new AppError('unavailable', 'the commands are slow to read');
    await within(clock, this.#known ? WAIT_MS : FIRST_WAIT_MS, this.#reading, late).catch(() => {});
    return (this.#known ?? []).filter(
      (each) => each.isActive && (each.clientId === null || each.clientId === clientId),
    );
  }

  /** They have been changed here. */
  forget(): void {
    this.#known = undefined;
    this.#readMs = Number.NEGATIVE_INFINITY;
  }

  async #read(): Promise<void> {
    const { sql, log } = this.#parts;
    try {
      this.#known = await listBotCommands(sql);
    } catch (error) {
      log.warn('commands cannot be read', { error });
    }
  }

  /** The same model, which answers commands of this client by itself. */
  before(model: LanguageModel, clientId: string): LanguageModel {
    return {
      generate: (request) => generate(model, request, () => this.of(clientId)),
    };
  }
}

async function* generate(
  model: LanguageModel,
  request: ModelRequest,
  commands: () => Promise<readonly BotCommand[]>,
): AsyncGenerator<ModelEvent> {
  const last = request.messages.at(-1);
  const command =
    last?.role === 'user' ? triggered(await commands(), last.text, request) : undefined;
  request.signal.throwIfAborted();
  if (!command) {
    yield* model.generate(request);
  } else if (command.reply !== null) {
    yield { type: 'text', text: command.reply };
    yield { type: 'end', finish: 'stop', usage: undefined };
  } else {
    // What the tool says goes to the model, which finds the words for it.
    const call = { id: `command-${command.id}`, name: command.tool ?? '', arguments: '{}' };
    yield { type: 'tool-call', call };
    yield { type: 'end', finish: 'tool-calls', usage: undefined };
  }
}

/** The command whose longest trigger stands in the text as whole words; one whose tool is not on offer is none. */
export function triggered(
  commands: readonly BotCommand[],
  text: string,
  { tools }: Pick<ModelRequest, 'tools'>,
): BotCommand | undefined {
  const said = ` ${plain(text)} `;
  let best: { command: BotCommand; length: number } | undefined;
  for (const command of commands) {
    if (command.tool !== null && !tools.some(({ name }) => name === command.tool)) continue;
    for (const trigger of command.triggers) {
      const words = plain(trigger);
      if (words === '' || !said.includes(` ${words} `)) continue;
      if (words.length > (best?.length ?? 0)) best = { command, length: words.length };
    }
  }
  return best?.command;
}

/** Words in small letters, with single spaces, whatever stands between them. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
