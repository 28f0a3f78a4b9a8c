// What triggers a command: whole words, the longest first, only with a tool that is on offer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggered } from '../../../src/reception/doors/commands.ts';
import type { BotCommand } from '../../../src/store/service/bot-commands.ts';
import type { Tool } from '../../../src/pipeline/types.ts';

const command = (name: string, triggers: string[], tool: string | null = null): BotCommand => ({
  id: name,
  name,
  description: '',
  clientId: null,
  triggers,
  reply: tool === null ? 'x' : null,
  tool,
  isActive: true,
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

const commands = [
  command('hours', ['hours', 'when do you open']),
  command('sunday', ['hours on sunday']),
  command('bye', ['goodbye'], 'end_call'),
  command('straße', ['Straße']),
];
const tools = [{ name: 'end_call' }] as unknown as Tool[];

test('a table of sayings', () => {
  const table: [said: string, name: string | undefined][] = [
    ['What are your hours?', 'hours'],
    ['HOURS', 'hours'],
    ['What are your hours on Sunday, please?', 'sunday'],
    ['when  do you—open', 'hours'],
    ['In which street? Straße?', 'straße'],
    ['hourslong', undefined],
    ['your opening hour', undefined],
    ['', undefined],
    ['goodbye!', 'bye'],
  ];
  for (const [said, name] of table) {
    assert.equal(triggered(commands, said, { tools })?.name, name, said);
  }
  assert.equal(triggered(commands, 'goodbye', { tools: [] }), undefined);
});
