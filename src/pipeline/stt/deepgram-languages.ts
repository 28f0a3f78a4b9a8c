// Which model and language Deepgram is asked for: it refuses a region that it does not list, and one model knows English only.
// https://developers.deepgram.com/docs/models-languages-overview

/** Hears telephones, in English and American English; its wider sister knows the others. */
const ENGLISH_ONLY = 'nova-2-phonecall';
/** The regions it knows; of any other it wants the language alone. */
const regional: ReadonlySet<string> = new Set([
  'da-DK',
  'de-CH',
  'en-AU',
  'en-GB',
  'en-IN',
  'en-NZ',
  'en-US',
  'es-419',
  'fr-CA',
  'ko-KR',
  'nl-BE',
  'pt-BR',
  'pt-PT',
  'sv-SE',
  'th-TH',
  'zh-CN',
  'zh-HK',
  'zh-TW',
]);
/** Where Spanish is that of America. */
const latinAmerica = /^(?:AR|BO|CL|CO|CR|CU|DO|EC|GT|HN|MX|NI|PA|PE|PR|PY|SV|US|UY|VE)$/;

/** `language`: BCP 47. */
export function deepgramModel(
  model: string,
  language: string,
): { readonly model: string; readonly language: string } {
  const [spoken = '', region = ''] = language.split('-');
  const primary = spoken.toLowerCase();
  const whole = `${primary}-${region.toUpperCase()}`;
  if (model === ENGLISH_ONLY && primary === 'en') {
    return { model, language: whole === 'en-US' ? whole : primary };
  }
  const wider = model === ENGLISH_ONLY ? 'nova-2' : model;
  if (primary === 'es' && latinAmerica.test(region.toUpperCase())) {
    return { model: wider, language: 'es-419' };
  }
  return { model: wider, language: regional.has(whole) ? whole : primary };
}
