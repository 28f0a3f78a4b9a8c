// The toolbox of a call that is spoken: what its tools know of the call, and may do to it.

import type { CallEnding } from './call-ending.ts';
import type { CallParts } from './call-parts.ts';
import { Toolbox } from './thinking/toolbox.ts';
import type { Tool, ToolContext } from './types.ts';

export interface CallToolboxParts {
  readonly call: Pick<
    CallParts,
    'callId' | 'clientId' | 'callerPhone' | 'clock' | 'log' | 'onTool'
  >;
  readonly tools: readonly Tool[];
  readonly ending: CallEnding;
  readonly said: ToolContext['said'];
}

/** `signal`: the call's. */
export function openCallToolbox(parts: CallToolboxParts, signal: AbortSignal): Toolbox {
  const { tools, ending, said } = parts;
  const { callId, clientId, callerPhone, clock, log, onTool } = parts.call;
  const context: ToolContext = {
    signal,
    callId,
    clientId,
    callerPhone,
    ...ending.forTools,
    said,
    typed: false,
  };
  return new Toolbox({ clock, log, tools, context, onTool });
}
