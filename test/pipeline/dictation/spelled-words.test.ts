// Spelled words put together: letters in all the ways in which recognisers write them, and nothing out of plain speech.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alphabetWords,
  isNearly,
  plainLetters,
  spelledIn,
} from '../../../src/pipeline/dictation/spelled-words.ts';

test('letters are put together, however they are said and written', () => {
  for (const [text, ...wanted] of [
    ["It's Kowalski, K O W A L S K I.", 'kowalski'],
    ['k-o-w-a-l-s-k-i', 'kowalski'],
    ['em wie Martha, E, Y, E, R', 'meyer'],
    ['erre o doble ese i', 'rossi'],
    ['m c capital d o n a l d', 'mcdonald'],
    ['K. O. W. A. L. S. K. I., thanks', 'kowalski'],
    ['my name is Miller, M I double L E R', 'miller'],
    ['B as in Boy, O, N as in Nancy, D', 'bond'],
    ['b like in berlin o n d', 'bond'],
    ['mein Name ist Böhm, B wie Berta, Ö, H, M', 'bohm'],
    ['se escribe doble ele no, L L A M A S', 'llamas'],
    ['November Oscar Victor Alpha Kilo', 'novak'],
    ['see you, that is b e e t h', 'beeth'],
    ['s tee e v e n', 'steven'],
    ['O apostrophe H A R A', 'ohara'],
    ['K, O, double U, A, L, S, K, I', 'kowalski'],
    ['k o double you a l s k i', 'kowalski'],
    ['K O doble uve A L S K I', 'kowalski'],
    ['G, a, erre, ce, i, a', 'garcia'],
    ['l a ce erre o i equis', 'lacroix'],
    ['K, O, double V, A, L, S, K, I', 'kowalski'],
    ['S A R T R E et puis G U i grec', 'sartre', 'guy'],
    ['R O doppia esse I', 'rossi'],
    ['J O A til O', 'joa'],
    ['Martha Emil Ida Emil Richard', 'meier'],
    ['München Essen Ypsilon Essen Rostock', 'meyer'],
    ['Désiré Ursule Pierre Oscar Nicolas Thérèse', 'dupont'],
    ['Roma Otranto Savona Savona Imola', 'rossi'],
    ['París Enrique Ramón Enrique Zaragoza', 'perez'],
    ['Coimbra Ovar Setúbal Tavira Aveiro', 'costa'],
    ["I'm Charlie S M I T H", 'smith'],
    ['S M I T H Mike', 'smith'],
    ['ich bin Otto, M E I E R', 'meier'],
    ['S M I T Hotel', 'smith'],
    ['first A N N A and then the last name is S M I T H', 'anna', 'smith'],
  ] as const) {
    assert.deepEqual(spelledIn(text), wanted, text);
  }
});

test('plain speech has nothing spelled in it', () => {
  for (const text of [
    '',
    'I am a bee keeper, are you?',
    'Can I see you at two or three?',
    'plan b',
    "I'd like an appointment for a haircut",
    'Charlie and Mike come too',
    'five five five o one two',
    'Oh, why are you out?',
    'vivo en Madrid y trabajo a las tres',
    'ich fahre von Berlin nach Hamburg',
    'je suis à Paris et il y a de la place',
  ]) {
    assert.deepEqual(spelledIn(text), [], text);
  }
});

test('names are compared by their letters, and a third of them may have been misheard', () => {
  assert.equal(plainLetters("Renée O'Hara-Böhm"), 'reneeoharabohm');
  assert.ok(isNearly('kovalski', 'kowalski'));
  assert.ok(isNearly('kowalski', 'kowalski'));
  assert.ok(!isNearly('anna', 'smith'));
  assert.ok(!isNearly('', 'kow'));
});

test('words of an alphabet are counted at the end of what was said so far', () => {
  assert.equal(alphabetWords('mein name ist martha emil ida'), 3);
  assert.equal(alphabetWords('november'), 1);
  assert.equal(alphabetWords('meier'), 0);
  assert.equal(alphabetWords(''), 0);
});
