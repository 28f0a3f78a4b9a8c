// What was said and done in a call whose model hears and speaks itself, for whoever goes on with it when that model is lost.

import type { SaidBefore } from '../thinking/conversation.ts';
import { told } from '../thinking/think.ts';
import type { OnTool, ToolOutcome } from '../thinking/toolbox.ts';
import type { Turn } from '../types.ts';

export class RealtimePast {
  readonly #past: SaidBefore[] = [];
  /** Tools that have run, of which no turn has told yet. */
  readonly #done = new Map<string, ToolOutcome>();

  /** Also those are known that end when their turn is over. */
  watch(onTool: OnTool | undefined): OnTool {
    return (start) => {
      const onEnd = onTool?.(start);
      return (outcome) => {
        this.#done.set(outcome.run.id, outcome);
        onEnd?.(outcome);
      };
    };
  }

  onTurn({ caller, heard, tools }: Turn): void {
    const own = new Set(tools.map(({ id }) => id));
    this.#takeTools((id) => !own.has(id), '');
    if (caller !== undefined) this.#past.push({ role: 'user', text: caller });
    this.#takeTools((id) => own.has(id), heard);
    if (heard !== '') this.#past.push({ role: 'assistant', text: heard });
  }

  /** All of it, and whether it ends with something that we have to answer. */
  end(): { readonly history: readonly SaidBefore[]; readonly owing: boolean } {
    this.#takeTools(() => true, '');
    const last = this.#past.at(-1);
    return { history: this.#past, owing: last !== undefined && last.role !== 'assistant' };
  }

  /** What a tool wanted said and nobody has heard is still to be said. */
  #takeTools(which: (id: string) => boolean, heard: string): void {
    for (const [id, { run, result }] of this.#done) {
      if (!which(id)) continue;
      this.#done.delete(id);
      const { say } = result;
      const unheard = say !== undefined && !heard.includes(say);
      const text = unheard ? run.result + told(say, true) : run.result;
      this.#past.push({ role: 'tool', run: { ...run, result: text } });
    }
  }
}
