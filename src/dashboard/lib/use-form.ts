// The values of a form between what is stored and what is typed: what has changed, and what the server says is wrong.

import { useCallback, useEffect, useState } from 'react';
import { texts } from '../texts/texts.ts';
import { faultsOf } from './failures.ts';

export interface Form<Values extends object> {
  readonly values: Values;
  /** Whether anything differs from what is stored. */
  readonly dirty: boolean;
  /** Only what differs: the body of a PATCH. */
  readonly changes: Partial<Values>;
  set<Name extends keyof Values>(name: Name, value: Values[Name]): void;
  /** What is wrong with a field, until it is changed. */
  fault(name: keyof Values): string | undefined;
  /** Shows a refusal at its fields; false when it names none that this form has. */
  refused(error: unknown): boolean;
  /** Back to what is stored, or on to what has just been. */
  reset(stored?: Values): void;
}

/**
 * What nobody has touched follows `stored`, which changes in another window, too; what has been typed stays. Use `reset` after
 * saving, and a `key` where another thing is edited.
 */
export function useForm<Values extends object>(stored: Values): Form<Values> {
  const [base, setBase] = useState(stored);
  const [values, setValues] = useState(stored);
  const [seen, setSeen] = useState(stored);
  if (!same(seen, stored)) {
    setSeen(stored);
    setBase(stored);
    setValues(following(stored, values, base));
  }
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals > 0) goToFault();
  }, [refusals]);
  const names = Object.keys(values) as (keyof Values)[];
  const changed = names.filter((name) => !same(values[name], base[name]));
  const set = useCallback<Form<Values>['set']>((name, value) => {
    setValues((before) => ({ ...before, [name]: value }));
    setFaults(({ [name as string]: _gone, ...rest }) => rest);
  }, []);
  return {
    values,
    dirty: changed.length > 0,
    changes: Object.fromEntries(changed.map((name) => [name, values[name]])) as Partial<Values>,
    set,
    fault: (name) => faults[name as string],
    refused(error) {
      const told = atFields(faultsOf(error), (name) => name in values);
      setFaults(told);
      setRefusals((before) => before + 1);
      return Object.keys(told).some((name) => name in values);
    },
    reset(next = base) {
      setBase(next);
      setValues(next);
      setFaults({});
    },
  };
}

function following<Values extends object>(stored: Values, values: Values, base: Values): Values {
  const touched = Object.entries(values).filter(
    ([name, value]) => !same(value, base[name as keyof Values]),
  );
  return { ...stored, ...Object.fromEntries(touched) };
}

/** To the first field that is refused, also where it is out of sight: of a dialog, or of the page. */
function goToFault(): void {
  const within = document.querySelector('dialog[open]') ?? document;
  within.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

/**
 * A fault within a list or a group (`fields.0.name`) is told at the form's field, with where it is; one of a field that the
 * body has within another (`config.greeting`) at that field.
 */
function atFields(
  told: Readonly<Record<string, string>>,
  isField: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const faults: Record<string, string> = {};
  for (const [name, text] of Object.entries(told)) {
    const [field = '', place] = name.split('.');
    if (isField(name) || place === undefined) faults[name] = text;
    else if (!isField(field)) faults[isField(place) ? place : name] = text;
    else faults[field] ??= texts.ui.within(placeName(place), text);
  }
  return faults;
}

function placeName(part: string): string {
  return /^\d+$/.test(part)
    ? texts.ui.entry(Number(part) + 1)
    : part.charAt(0).toUpperCase() + part.slice(1);
}

/** Values are plain JSON. */
function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
