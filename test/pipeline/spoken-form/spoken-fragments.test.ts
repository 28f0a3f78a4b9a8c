// Whatever a model writes, and however it falls into fragments: the same words, and no sign of it spoken.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { sentences } from '../../../src/pipeline/speaking/sentences.ts';
import { spokenForm } from '../../../src/pipeline/spoken-form/spoken-form.ts';

/** What models write in a call, of each language what is its own. */
const common =
  '9-5|24/7|#204|10%|5 %|1,5|2.5|**Wichtig**|_x_|`code`|[book here](https://a.b/c?d=1)|https://www.example.com/a_b|example.com|' +
  'anna.b@example.com|👍|→ next|3 x 4|5 km|1/2|3/4|½|10+|~10|2 + 2 = 4|AB12CD|COVID-19|B12|20°C|Q&A|@home|+49 30 1234567|12/24|' +
  '007|1234567|<b>bold</b>|&amp;|wait...|(ok)|"yes"|Well,|Sure!|So:|Yes.|$1,249.50|€12,50|12 €|50-60%|2026-12-03|1999|XIV|IV';
const languages: Readonly<Record<string, string>> = {
  'en-US':
    'Dr. Smith|Dr Patel|St. Mary|12 Main St., Apt. 4B|No. 5|e.g. this|Mon–Fri 8:00 AM – 6:00 PM|Sat 9–1|3-4pm|10 am - 2 pm|Dec. 3rd|' +
    'Jan 5-9|Tuesday 12/8|Tuesday, 12/8|March 2|the 2 March|$50 - $80|$1.2 million|Henry VIII|ext. 204|code: 4821|at 2:30 p.m. Thanks|' +
    '555-0142|(415) 555-0100|NY 10001|6 ft|10 lbs.|5 mins.|1h 30m|the 1990s|press # or *',
  'es-ES':
    'Dra. López|C/ Mayor, 5, 3.º B|28013 Madrid|a las 3 p. m. del martes|el 3/12|el martes 8/12|sáb. 9-13|lun.–vie.|1.249,50 €|' +
    'n.º 12|1 de enero|21 días|3 dic. 2026|912 345 678|siglo XXI|1.er piso|p. ej. esto|pulse # o *',
  'fr-FR':
    'M. Dupont|5 bd. Haussmann|9h – 12h et 14h – 18h|le 3/12|mardi 8/12|sam. 9h|du 3-5 déc. 2026|1 250 €|06-12-34-56-78|1er mars|' +
    '21 personnes|Louis XIV|24h/24|n° 12|tapez # ou *',
  'de-DE':
    'Dr. med. Weiß|Hauptstr. 5|10115 Berlin|vom 3. bis 5. Dezember|vom 3.-5. Dezember|am 1. März|im 2. Stock|der 1. Termin|9.00 - 12.30 Uhr|' +
    'Mo.–Fr. 8-16 Uhr|Di., 8.12., um 10:15|z. B. so|45,- €|030 / 12 34 56 - 0|1 Stunde|8. Dez. 2026|Nr. 12|Drücken Sie # oder *',
  'it-IT':
    'Dott.ssa Riva|alle 1:00|alle 14.30|il 3/12|sab 9-12|lun.–ven.|Via XX Settembre|06/1234567|1 ora|2° piano|dal 3 al 5 dic. 2026|prema # o *',
  'pt-BR':
    'Dra. Souza|R$ 45,50|R$ 10 - R$ 20|das 9h às 14h30|terça 8/12|sáb 9-12|2ª a 6ª|(11) 91234-5678|01310-100 São Paulo|Av. Paulista, 1000|' +
    '21 pessoas|século XXI|1º andar|aperte # ou *',
};
/** The same texts each time; another seed is another test. */
const SEED = 1;
const plain = 'and with a we have time on at of do it now please call us then The We Is'.split(' ');

/** The words of a stream of fragments, as they reach the voice. */
async function words(language: string, fragments: readonly string[]): Promise<string> {
  const say = spokenForm(language);
  let spoken = '';
  for await (const piece of sentences(stream(fragments))) {
    spoken += say(piece)
      .map((each) => each.spoken)
      .join('');
  }
  return spoken.replaceAll(/[.,;:!?"()…–—\s]+/g, ' ').trim();
}

async function* stream(fragments: readonly string[]): AsyncGenerator<string> {
  yield* fragments;
}

for (const [language, own] of Object.entries(languages)) {
  const part = fc.oneof(
    fc.constantFrom(...plain),
    fc.constantFrom(...common.split('|')),
    fc.constantFrom(...own.split('|')),
  );
  const text = fc.array(fc.tuple(part, fc.constantFrom(' ', ' ', ' ', ', ', '. ', '\n')), {
    minLength: 1,
    maxLength: 14,
  });
  const written = text.map((parts) => parts.flat().join(''));

  test(`${language}: fragments never change the words`, async () => {
    await fc.assert(
      fc.asyncProperty(
        written,
        fc.array(fc.nat({ max: 400 }), { maxLength: 20 }),
        async (all, at) => {
          const cuts = [...new Set([0, ...at.filter((each) => each < all.length), all.length])];
          cuts.sort((a, b) => a - b);
          const fragments = cuts.slice(1).map((end, index) => all.slice(cuts[index], end));
          const expected = await words(language, [all]);
          assert.equal(await words(language, fragments), expected);
          assert.equal(await words(language, Array.from(all)), expected);
        },
      ),
      { numRuns: 100, seed: SEED },
    );
  });

  test(`${language}: no sign is spoken`, async () => {
    await fc.assert(
      fc.asyncProperty(written, async (all) => {
        assert.doesNotMatch(await words(language, [all]), /[\d#@$€£%&+=<>|*_~^\\/{}[\]°`½→👍]/u);
      }),
      { numRuns: 100, seed: SEED },
    );
  });
}
