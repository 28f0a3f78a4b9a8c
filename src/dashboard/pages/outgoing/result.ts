// What came of a call that the receptionist made, in one word.

export interface EndedCall {
  readonly state: string;
  readonly answered_by: string;
  readonly ended_at: string | null;
  /** Of its conversation; null before that has ended. */
  readonly outcome: string | null;
}

/** A key of the page's texts: who was reached, by what became of the conversation, or as the carrier has it. */
export function resultOf({
  state,
  answered_by: by,
  ended_at: endedAt,
  outcome,
}: EndedCall): string {
  if (endedAt === null || state !== 'completed') return state;
  if (outcome === 'left_message') return outcome;
  if (outcome === null || by === 'fax') return by;
  return outcome === 'machine' ? outcome : 'human';
}
