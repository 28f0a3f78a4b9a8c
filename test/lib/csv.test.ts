// Tables as text: what spreadsheets write is read, and what we write no spreadsheet runs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsvLine, parseCsv } from '../../src/lib/csv.ts';

const tables: readonly [text: string, rows: string[][] | undefined][] = [
  ['', []],
  [
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a\nb\rc', [['a'], ['b'], ['c']]],
  ['\uFEFFa,b', [['a', 'b']]],
  [
    'a,\n,b\n,,\n\n',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['a,', [['a', '']]],
  ['"a ""b"", c","d\ne"\n', [['a "b", c', 'd\ne']]],
  [' a , " b "', undefined],
  ['a,"b', undefined],
  ['a,b"c', undefined],
  ["'=1,'x,'+1", [['=1', "'x", '+1']]],
  ['1\n2\n3\n4', undefined],
];

for (const [text, rows] of tables) {
  test(`${JSON.stringify(text)} is read`, () => assert.deepEqual(parseCsv(text, 3), rows));
}

test('cells that would be formulas are text, and come back as they were', () => {
  for (const cell of ['=1', '+1', '-1', '@a', '\t1', '\r1', 'a,b', 'a"b', 'a\nb', '']) {
    const line = formatCsvLine([cell, 'x']);
    assert.doesNotMatch(line, /^"?[=+\-@\t\r]/);
    assert.deepEqual(parseCsv(line, 1), [[cell, 'x']]);
  }
});

test('nor do they run where cells are expected to end at semicolons', () => {
  for (const cell of ['Ann;=1', 'Ann\t+1', 'Ann\n@a', 'Ann\r\n-1', '=1;=2', 'a";=1', '\t=1']) {
    const line = formatCsvLine(['x', cell]);
    assert.doesNotMatch(line, /(?:^|[,;\t\r\n])[=+\-@\t]/);
    assert.deepEqual(parseCsv(line, 1), [['x', cell]]);
  }
  assert.equal(formatCsvLine(['10; -5', 'a-b;c']), '10; -5,a-b;c\r\n');
});

test('numbers are numbers, also below 0', () => {
  assert.equal(formatCsvLine([-60, 0, '-60']), "-60,0,'-60\r\n");
});
