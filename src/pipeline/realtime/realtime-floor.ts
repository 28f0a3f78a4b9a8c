// Who has the floor where a model hears and speaks itself: our ear silences the line, the caller's words decide. Pure.

import { isAcknowledgement } from '../hearing/completeness.ts';
import type { ListeningWords } from '../languages/language.ts';
import { plainWords } from '../languages/language.ts';
import type { RunningTurn } from '../turn.ts';
import { FRAME_MS } from '../types.ts';

/** Voice over our speech that silences it. */
const HOLD_MS = 100;
/** Voice gaps shorter than this belong to one stretch. */
const GAP_MS = 80;
/** So much voice is more than a sign of listening: nobody waits for its words. */
const SURE_MS = 1200;
/** Voice that is taken for words where no words come. */
const LIKELY_MS = 600;
/** A line that was silenced plays on after this long, where the vendor has not noticed anybody. */
const RESUME_MS = 1000;
/** And after this much quiet. */
const QUIET_MS = 200;
/** Words come within this time of the end of what was said, or not at all. */
const WORDS_MS = 1500;
/** A line is not silent for longer, whatever the vendor makes of the noise. */
const HELD_MS_MAX = 4000;

/** Interrupt: the reply is over. Respond: the model is asked for one. Answer: both. */
export type FloorAct = 'hold' | 'resume' | 'interrupt' | 'respond' | 'answer';

/** What we are doing at the moment. */
export interface RealtimeFloorState {
  readonly agent: 'quiet' | 'thinking' | 'speaking';
  /** What we are saying is a question. */
  readonly asking: boolean;
  /** Only the last of it is still to be heard. */
  readonly ending: boolean;
}

/** `asked`: where no turn of ours is under way, an answer has been asked for. */
export function floorStateOf(
  current: Pick<RunningTurn, 'speaking' | 'asking' | 'ending'> | undefined,
  asked: boolean,
): RealtimeFloorState {
  if (!current) return { agent: asked ? 'thinking' : 'quiet', asking: false, ending: false };
  const { speaking, asking, ending } = current;
  return { agent: speaking ? 'speaking' : 'thinking', asking, ending };
}

export class RealtimeFloor {
  readonly #words: ListeningWords;
  #voicedMs = 0;
  #quietMs = Number.POSITIVE_INFINITY;
  /** Voice of the present stretch of speech, pauses left out. */
  #saidMs = 0;
  /** Since we silenced ourselves. */
  #heldMs: number | undefined;
  /** What the vendor has told of the caller. */
  #speech: 'none' | 'on' | 'stopped' = 'none';
  #stoppedMs = 0;
  /** It began over ours, and is not known to be meant. */
  #over = false;

  constructor(words: ListeningWords) {
    this.#words = words;
  }

  /** One 20 ms frame of the caller. `voiced`: and it is not our echo. */
  onFrame(voiced: boolean, { agent, ending }: RealtimeFloorState): FloorAct | undefined {
    this.#count(voiced);
    if (this.#heldMs === undefined) {
      if (agent === 'speaking' && !ending && this.#voicedMs >= HOLD_MS) return this.#hold();
    } else {
      this.#heldMs += FRAME_MS;
      if (agent !== 'speaking') this.#heldMs = undefined;
      else if (this.#saidMs >= SURE_MS) return this.#meant();
      else if (this.#isNoise(this.#heldMs)) return this.#release();
    }
    if (this.#speech !== 'stopped') return undefined;
    this.#stoppedMs += FRAME_MS;
    return this.#stoppedMs < WORDS_MS ? undefined : this.#wordless();
  }

  /** The vendor has heard the caller begin. What we hear ourselves silences the line, not this: it may be an echo. */
  onStarted({ agent, ending }: RealtimeFloorState): FloorAct | undefined {
    this.#speech = 'on';
    if (agent === 'thinking') return this.#meant();
    this.#over ||= agent === 'speaking' && !ending;
    return undefined;
  }

  /** The vendor has heard the caller end. */
  onStopped(): FloorAct | undefined {
    if (this.#speech !== 'on') return undefined;
    this.#stoppedMs = 0;
    // Where we have heard nothing ourselves, words must show that there was something.
    this.#speech = this.#over || this.#saidMs === 0 ? 'stopped' : 'none';
    if (this.#speech === 'stopped') return undefined;
    this.#saidMs = 0;
    return 'respond';
  }

  /** What the caller has said, empty where it was nothing, or our own words come back. */
  onWords(text: string, { asking }: RealtimeFloorState): FloorAct | undefined {
    if (!this.#over && this.#speech !== 'stopped') return undefined;
    const nothing = plainWords(text) === '';
    const listening = this.#over && !asking && isAcknowledgement(text, this.#words);
    if (nothing || listening) return this.#speech === 'stopped' ? this.#release() : undefined;
    const stopped = this.#speech === 'stopped';
    const over = this.#over;
    this.#meant();
    if (!stopped) return 'interrupt';
    this.#speech = 'none';
    this.#saidMs = 0;
    return over ? 'answer' : 'respond';
  }

  #count(voiced: boolean): void {
    if (voiced) {
      this.#voicedMs += FRAME_MS;
      this.#saidMs += FRAME_MS;
      this.#quietMs = 0;
      return;
    }
    this.#quietMs += FRAME_MS;
    if (this.#quietMs > GAP_MS) this.#voicedMs = 0;
    if (this.#quietMs > RESUME_MS && this.#speech === 'none') this.#saidMs = 0;
  }

  #isNoise(heldMs: number): boolean {
    if (this.#quietMs < QUIET_MS) return false;
    return this.#speech === 'none' ? heldMs >= RESUME_MS : heldMs >= HELD_MS_MAX;
  }

  #wordless(): FloorAct | undefined {
    const likely = this.#saidMs >= LIKELY_MS;
    if (!likely) return this.#release();
    this.#meant();
    this.#speech = 'none';
    this.#saidMs = 0;
    return 'answer';
  }

  #hold(): FloorAct {
    this.#heldMs = 0;
    return 'hold';
  }

  #meant(): FloorAct {
    this.#heldMs = undefined;
    this.#over = false;
    return 'interrupt';
  }

  #release(): FloorAct {
    this.#heldMs = undefined;
    this.#over = false;
    this.#speech = 'none';
    this.#saidMs = 0;
    this.#voicedMs = 0;
    return 'resume';
  }
}
