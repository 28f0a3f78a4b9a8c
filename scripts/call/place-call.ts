// Asks the sandbox's phone for one call and reads what it reports.

import type { PhoneEvent } from '../../sandbox/phone/call-events.ts';
import type { CallerScript } from '../../sandbox/phone/caller-script.ts';
import type { SandboxState } from '../../sandbox/state-file.ts';

/** What the phone's events are, and the agent's words as the phone recognised them. */
export type ReportedEvent =
  | PhoneEvent
  | { readonly type: 'agent-said'; readonly atMs: number; readonly text: string | null };

/** The events of one call as they happen. Throws an Error for the user when the phone refuses. */
export async function* placeCall(
  phone: SandboxState['phone'],
  script: CallerScript,
  signal: AbortSignal,
): AsyncGenerator<ReportedEvent> {
  const response = await fetch(`${phone.url}/calls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${phone.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(script),
    signal,
  });
  if (!response.ok || !response.body) {
    throw new Error(`The phone answered ${response.status}: ${await response.text()}`);
  }
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line) as ReportedEvent;
  }
}
