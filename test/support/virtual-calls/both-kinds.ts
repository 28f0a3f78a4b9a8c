// The same story for both kinds of call: of recogniser, model and voice, and of a model that hears and speaks itself.

import type { Answers } from './vendors.ts';
import { startTestCall } from './call.ts';
import type { TestCall, TestCallOptions } from './call.ts';
import { conversingModel } from './conversing.ts';
import type { ConversingModel } from './conversing.ts';

export interface OfEitherKind {
  readonly call: TestCall;
  /** What the model was given so far, as one text each. */
  readonly asked: () => readonly string[];
}

/** What the model answers, one after the other. */
export type PlainAnswers = Exclude<Answers[number], (...given: never[]) => unknown>[];

type Start = (answers: PlainAnswers, options?: TestCallOptions) => Promise<OfEitherKind>;

export const bothKinds: Readonly<Record<'of parts' | 'of a model that speaks', Start>> = {
  async 'of parts'(answers, options = {}) {
    const call = await startTestCall({ ...options, answers });
    return { call, asked: () => call.model.requests.map((messages) => JSON.stringify(messages)) };
  },
  async 'of a model that speaks'(answers, options = {}) {
    let model: ConversingModel | undefined;
    const conversing: TestCallOptions['conversing'] = (clock, line) =>
      (model = conversingModel(clock, line, answers));
    const call = await startTestCall({ ...options, conversing });
    return { call, asked: () => model!.asked };
  },
};
