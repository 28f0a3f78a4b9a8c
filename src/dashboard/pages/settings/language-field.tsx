// The choice of the language a receptionist hears and speaks, from those it has words for.

import { useRead } from '../../lib/api.ts';
import { texts } from '../../texts/texts.ts';
import { Field, Select } from '../../ui/field.tsx';

const names = new Intl.DisplayNames('en-US', { type: 'language', languageDisplay: 'standard' });

/** What callers hear in this language where the owner has written nothing; undefined until it is known. */
export function useLanguages() {
  return useRead('GET /api/client-choices', {}, { freshMs: Infinity }).data?.languages;
}

/** The words for a language: its own, or of the same language elsewhere, or English, as the server takes them. */
export function wordsIn<Words extends { readonly language: string }>(
  languages: readonly Words[] | undefined,
  language: string,
): Words | undefined {
  const spoken = (tag: string) => tag.split('-')[0]?.toLowerCase();
  return (
    languages?.find((each) => each.language === language) ??
    languages?.find((each) => spoken(each.language) === spoken(language)) ??
    languages?.find((each) => spoken(each.language) === 'en')
  );
}

export function LanguageField({
  value,
  error,
  onChange,
}: {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (language: string) => void;
}) {
  const known = useLanguages()?.map(({ language }) => language) ?? [];
  // A program may have set another one.
  const listed = known.includes(value) ? known : [value, ...known];
  return (
    <Field label={texts.settings.language} hint={texts.settings.languageHint} error={error}>
      {(control) => (
        <Select
          {...control}
          value={value}
          options={listed.map((language) => ({ value: language, label: nameOf(language) }))}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function nameOf(language: string): string {
  try {
    return names.of(language) ?? language;
  } catch {
    return language;
  }
}
