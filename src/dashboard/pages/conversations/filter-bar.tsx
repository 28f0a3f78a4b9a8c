// Search and filters above the conversations.

import { useEffect, useState } from 'react';
import { Search, X } from 'lucide-react';
import { classes } from '../../lib/class-names.ts';
import { after } from '../../lib/clock.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Select } from '../../ui/field.tsx';
import type { FilterName, Filters } from './filters.ts';

const { conversations } = texts;
/** Somebody who is typing is not searched for at every letter. */
const TYPING_MS = 300;

const optionsOf = (any: string, words: Readonly<Record<string, string>>) => [
  { value: '', label: any },
  ...Object.entries(words).map(([value, label]) => ({ value, label })),
];

export function FilterBar({ filters }: { readonly filters: Filters }) {
  const { values, set, any, clear } = filters;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <SearchField filters={filters} />
      <Choice
        name="outcome"
        label={conversations.outcome}
        options={optionsOf(conversations.anyOutcome, texts.calls.outcomes)}
        filters={filters}
      />
      <Choice
        name="channel"
        label={conversations.channel}
        options={optionsOf(conversations.anyChannel, texts.calls.channels)}
        filters={filters}
      />
      {(['from', 'until'] as const).map((name) => (
        <Field
          key={name}
          label={conversations[name]}
          hideLabel
          className="max-sm:grow max-sm:basis-full sm:w-44"
        >
          {(control) => (
            // Two empty dates beside each other do not say which is which.
            <span className="relative block">
              <span
                aria-hidden
                className="pointer-events-none absolute top-2.5 left-3 text-xs text-faint"
              >
                {conversations[name]}
              </span>
              <Input
                {...control}
                type="date"
                title={conversations[name]}
                className="numbers pl-13"
                value={values[name]}
                onChange={(event) => set(name, event.target.value)}
              />
            </span>
          )}
        </Field>
      ))}
      <Toggle name="follow_up" label={conversations.followUp} filters={filters} />
      <Toggle name="flagged" label={conversations.flagged} filters={filters} />
      {any && (
        <Button look="quiet" icon={X} onClick={clear}>
          {conversations.clear}
        </Button>
      )}
    </div>
  );
}

function SearchField({ filters }: { readonly filters: Filters }) {
  const { q } = filters.values;
  const [typed, setTyped] = useState(q);
  const [shown, setShown] = useState(q);
  // Cleared, or changed by going back.
  if (shown !== q) {
    setShown(q);
    setTyped(q);
  }
  const { set } = filters;
  useEffect(() => {
    if (typed === q) return;
    return after(TYPING_MS, () => set('q', typed));
  }, [typed, q, set]);
  return (
    <Field label={conversations.search} hideLabel className="relative min-w-48 flex-1 basis-48">
      {(control) => (
        <>
          <Search
            size={16}
            aria-hidden
            className="pointer-events-none absolute top-2.5 left-3 text-faint"
          />
          <Input
            {...control}
            type="search"
            title={conversations.searchHint}
            placeholder={conversations.search}
            className="pl-9"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </>
      )}
    </Field>
  );
}

interface ChoiceProps {
  readonly name: FilterName;
  readonly label: string;
  readonly options: readonly { value: string; label: string }[];
  readonly filters: Filters;
}

function Choice({ name, label, options, filters }: ChoiceProps) {
  return (
    <Field label={label} hideLabel className="max-sm:grow max-sm:basis-36 sm:w-36">
      {(control) => (
        <Select
          {...control}
          value={filters.values[name]}
          options={options}
          onChange={(event) => filters.set(name, event.target.value)}
        />
      )}
    </Field>
  );
}

function Toggle({
  name,
  label,
  filters,
}: {
  readonly name: FilterName;
  readonly label: string;
  readonly filters: Filters;
}) {
  const on = filters.values[name] === 'true';
  return (
    <Button
      aria-pressed={on}
      className={classes(on && 'border-accent text-accent-text')}
      onClick={() => filters.set(name, on ? '' : 'true')}
    >
      {label}
    </Button>
  );
}
