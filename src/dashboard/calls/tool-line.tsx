// A tool that runs or ran: what it does in a word, and on demand what it was given and answered.

import { CircleAlert, Wrench } from 'lucide-react';
import { classes } from '../lib/class-names.ts';
import { formatLatency } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import { Spinner } from '../ui/spinner.tsx';
import { refusalOf } from './turns.ts';
import type { ToolRun } from './turns.ts';

export function ToolLine({ run }: { readonly run: ToolRun }) {
  const { name, result, failed, elapsed_ms: elapsedMs } = run;
  const begun = texts.calls.toolsBegun[name] ?? name;
  const refusal = failed ? undefined : refusalOf(run);
  return (
    <details className="group mx-auto w-full max-w-md rounded-lg border border-line bg-sunken text-xs">
      <summary className="flex list-none items-center gap-2 rounded-lg px-3 py-1.5 text-muted hover:text-ink">
        <Mark run={run} />
        <span className="min-w-0 flex-1 truncate">
          {result === undefined
            ? texts.calls.toolRuns(begun)
            : failed || refusal !== undefined
              ? begun
              : (texts.calls.tools[name] ?? name)}
          {failed && <span className="text-bad"> · {texts.calls.toolFailed}</span>}
          {refusal !== undefined && (
            <span> · {texts.calls.toolRefusals[refusal] ?? texts.calls.toolNotDone}</span>
          )}
        </span>
        {elapsedMs !== undefined && (
          <span className="numbers text-faint">{formatLatency(elapsedMs)}</span>
        )}
      </summary>
      <dl className="space-y-2 border-t border-line px-3 py-2.5">
        <Value label={texts.calls.toolGiven} text={pretty(run.arguments)} />
        {result && <Value label={texts.calls.toolResult} text={pretty(result)} />}
      </dl>
    </details>
  );
}

function Mark({ run }: { readonly run: ToolRun }) {
  if (run.result === undefined) return <Spinner className="size-3.5 shrink-0 text-accent-text" />;
  const Icon = run.failed ? CircleAlert : Wrench;
  return (
    <Icon
      size={14}
      aria-hidden
      className={classes('shrink-0', run.failed ? 'text-bad' : 'text-faint')}
    />
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
