// A tool that ran: what it did in a word, and on demand what it was given and answered.

import { CircleAlert, Wrench } from 'lucide-react';
import { formatLatency } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import type { ToolRun } from './turns.ts';

export function ToolLine({ run }: { readonly run: ToolRun }) {
  return (
    <details className="group mx-auto w-full max-w-md rounded-lg border border-line bg-sunken text-xs">
      <summary className="flex list-none items-center gap-2 rounded-lg px-3 py-1.5 text-muted hover:text-ink">
        {run.failed ? (
          <CircleAlert size={14} aria-hidden className="shrink-0 text-bad" />
        ) : (
          <Wrench size={14} aria-hidden className="shrink-0 text-faint" />
        )}
        <span className="min-w-0 flex-1 truncate">
          {texts.calls.tools[run.name] ?? run.name}
          {run.failed && <span className="text-bad"> · {texts.calls.toolFailed}</span>}
        </span>
        <span className="numbers text-faint">{formatLatency(run.elapsed_ms)}</span>
      </summary>
      <dl className="space-y-2 border-t border-line px-3 py-2.5">
        <Value label={texts.calls.toolGiven} text={pretty(run.arguments)} />
        <Value label={texts.calls.toolResult} text={pretty(run.result)} />
      </dl>
    </details>
  );
}

function Value({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <dt className="text-faint">{label}</dt>
      <dd className="mt-0.5 max-h-48 overflow-y-auto font-mono text-2xs whitespace-pre-wrap">
        {text}
      </dd>
    </div>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
