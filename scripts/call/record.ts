// Tells what the server has stored of a call, turn by turn: what an owner will read of it.

import type { CallRecord, ToolRecord, TurnRecord } from './after-call.ts';

/** Of a tool's arguments and result: a list of slots is long. */
const TEXT_MAX = 300;

/** Lines for `--record`. */
export function formatRecord({ turns, flags, messages, texts, review }: CallRecord): string[] {
  const lines = ['', 'stored', ...turns.flatMap(turnLines)];
  if (flags.length > 0) lines.push(`  flags    ${flags.join(', ')}`);
  for (const { name, phone, text, urgent } of messages) {
    lines.push(`  message  ${name}, ${phone || 'no number'}${urgent ? ', urgent' : ''}: ${text}`);
  }
  for (const { to, body, state } of texts) lines.push(`  text     to ${to}, ${state}: ${body}`);
  if (review) {
    const { state, summary, resolved, followUp, fields } = review;
    lines.push(`  summary  ${summary || state}${resolved ? ` (resolved: ${resolved})` : ''}`);
    if (followUp) lines.push(`  to do    ${followUp}`);
    if (Object.keys(fields).length > 0) lines.push(`  fields   ${JSON.stringify(fields)}`);
  }
  return lines;
}

function turnLines(turn: TurnRecord): string[] {
  const { kind, ending, caller, heard, unheard, waits, tools } = turn;
  const { all, ...parts } = waits;
  const shares = Object.entries(parts).map(([part, ms]) => `${part} ${rounded(ms)}`);
  const wait = all === null ? '' : `   [${rounded(all)} ms: ${shares.join(', ')}]`;
  return [
    ...(caller === null ? [] : [`  caller   ${caller}`]),
    ...tools.map(toolLine),
    `  ${kind.padEnd(8)} ${heard ?? '(nothing heard)'}${ending === 'completed' ? '' : ` (${ending})`}${wait}`,
    ...(unheard === null ? [] : [`  unheard  ${unheard}`]),
  ];
}

function toolLine({ name, arguments: given, result, failed }: ToolRecord): string {
  return `  tool     ${name}${failed ? ' FAILED' : ''} ${short(given)} → ${short(result)}`;
}

function rounded(ms: number | null): string {
  return ms === null ? '-' : String(Math.round(ms));
}

function short(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}
