// Values out of the environment: what is taken, in which form, and that every fault is kept with its name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, readEnvironment } from '../../src/lib/environment.ts';

test('an origin is written as browsers and carriers write it, however it was given', () => {
  for (const [given, taken] of [
    ['HTTPS://Desk.Example', 'https://desk.example'],
    ['https://desk.example:443/', 'https://desk.example'],
    ['https://desk.example:8443', 'https://desk.example:8443'],
    ['http://[::1]:8000', 'http://[::1]:8000'],
  ] as const) {
    const { origin, faults } = readEnvironment({ URL: given });
    assert.equal(origin('URL', ''), taken);
    assert.deepEqual(faults, []);
  }
});

test('what is no origin is a fault that names the variable', () => {
  for (const [given, fault] of [
    ['https://desk.example/path', 'no path'],
    ['https://desk.example/?x', 'no path'],
    ['https://desk.example/#x', 'no path'],
    ['https://user:secret@desk.example', 'no user name'],
    ['http://desk.example', 'be https'],
    ['http://127.0.0.1.desk.example', 'be https'],
    ['desk.example', 'be an http or https URL'],
    ['https:desk.example', 'be an http or https URL'],
  ] as const) {
    const { origin, faults } = readEnvironment({ URL: given });
    origin('URL', 'http://localhost');
    assert.equal(faults.length, 1, given);
    assert.match(faults[0]!, new RegExp(`^URL must (have )?${fault}`), given);
    assert.ok(!faults[0]!.includes('secret'));
  }
});

test('numbers and switches have one meaning, and what is blank is not set', () => {
  const reader = readEnvironment({
    A: '7',
    B: '1e1',
    C: ' ',
    D: '7.5',
    E: 'Yes',
    F: 'off',
    G: '2',
  });
  const { number, flag, text, faults } = reader;
  assert.deepEqual([number('A', 1, 0, 9), number('C', 1, 0, 9), text('C')], [7, 1, undefined]);
  assert.deepEqual([flag('E', false), flag('F', true), flag('C', true)], [true, false, true]);
  assert.deepEqual(faults, []);
  number('B', 1, 0, 9);
  number('D', 1, 0, 9);
  flag('G', false);
  assert.deepEqual(
    faults.map((fault) => fault[0]),
    ['B', 'D', 'G'],
  );
});

test('what is loopback to a browser is loopback, and no name that looks like it', () => {
  for (const name of ['localhost', '127.0.0.1', '127.8.9.1', '[::1]']) assert.ok(isLoopback(name));
  for (const name of ['localhost.example', '127.0.0.1.example', '10.0.0.1', '0.0.0.0']) {
    assert.ok(!isLoopback(name), name);
  }
});
