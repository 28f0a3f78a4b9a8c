// Trying a tool of the owner's own: asked as a call would ask it, with arguments where it takes some, and what came back.

import { useId, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useChange } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { explain } from '../../lib/failures.ts';
import { formatLatency } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import type { OwnTool } from './own-tools-card.tsx';

const { line } = texts;
const TEST = 'POST /api/clients/{client_id}/tools/{tool_id}/test';

export interface TryToolProps {
  readonly tool: OwnTool;
  readonly onClose: () => void;
}

export function TryTool({ tool, onClose }: TryToolProps) {
  const id = useId();
  const [typed, setTyped] = useState(() => JSON.stringify(blanksOf(tool.parameters), null, 2));
  const [notJson, setNotJson] = useState(false);
  const test = useChange(TEST);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const given = parsed(typed);
    setNotJson(given === undefined);
    if (given === undefined) return test.reset();
    const params = { client_id: tool.client_id, tool_id: tool.id };
    test.mutate({ params, body: { arguments: given } });
  };
  return (
    <Dialog
      wide
      title={line.toolTryTitle(tool.name)}
      description={line.toolTryText}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{texts.ui.close}</Button>
          <Button type="submit" form={id} look="primary" pending={test.isPending}>
            {line.toolTry}
          </Button>
        </>
      }
    >
      <form id={id} className="space-y-4" noValidate onSubmit={submit}>
        <Field
          label={line.toolArguments}
          error={
            notJson ? line.toolParametersWrong : test.isError ? explain(test.error) : undefined
          }
        >
          {(control) => (
            <TextArea
              {...control}
              rows={5}
              spellCheck={false}
              className="font-mono text-xs"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {test.data && <Tried result={test.data} />}
      </form>
    </Dialog>
  );
}

function Tried({ result }: { readonly result: Answer<typeof TEST> }) {
  const { error, status, elapsed_ms: elapsedMs, answer } = result;
  return (
    <div className="rounded-lg border border-line bg-sunken px-3 py-2 text-xs" role="status">
      <p className={error === null ? 'text-good' : 'text-bad'}>
        {error ?? line.toolTried(status, formatLatency(elapsedMs))}
      </p>
      {answer !== '' && (
        <pre className="mt-1 max-h-40 overflow-auto font-mono text-2xs whitespace-pre-wrap">
          {answer}
        </pre>
      )}
    </div>
  );
}

/** What the tool takes, with nothing in it yet: a name for each argument is more than an empty field. */
function blanksOf(parameters: OwnTool['parameters']): Record<string, unknown> {
  const properties = (parameters['properties'] ?? {}) as Record<string, { type?: unknown }>;
  const blanks: Record<string, unknown> = {
    string: '',
    integer: 0,
    number: 0,
    boolean: false,
    array: [],
  };
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, blanks[String(type)] ?? '']),
  );
}

/** Undefined: no JSON object. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
