// Addresses of Postgres servers as people write them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConnection, withDatabase } from '../../../src/store/database/connection.ts';

test('hosts, ports, sockets and names', () => {
  const table: [string, object][] = [
    [
      'postgres://a:b%40c@db.example:6543/shop',
      { user: 'a', password: 'b@c', database: 'shop', address: { host: 'db.example', port: 6543 } },
    ],
    [
      'postgresql://a@db',
      { user: 'a', password: '', database: 'a', address: { host: 'db', port: 5432 } },
    ],
    [
      'postgres://a:b@[::1]:7/x',
      { user: 'a', password: 'b', database: 'x', address: { host: '::1', port: 7 } },
    ],
    [
      'postgres://a:b@localhost/x?host=%2Ftmp%2Fpg&port=5433',
      { user: 'a', password: 'b', database: 'x', address: { path: '/tmp/pg/.s.PGSQL.5433' } },
    ],
  ];
  for (const [text, expected] of table) {
    assert.deepEqual(parseConnection(text), { ...expected, tls: undefined }, text);
  }
});

test('encryption as asked for: required, or required and verified', () => {
  const tls = (mode: string) => parseConnection(`postgres://a@db.example/x?sslmode=${mode}`).tls;
  assert.equal(tls('disable'), undefined);
  assert.equal(tls('prefer'), undefined);
  assert.deepEqual(tls('require'), { servername: 'db.example', rejectUnauthorized: false });
  assert.deepEqual(tls('verify-full'), { servername: 'db.example', rejectUnauthorized: true });
  for (const [host, address] of [
    ['10.0.0.7', '10.0.0.7'],
    ['[fd00::7]', 'fd00::7'],
  ]) {
    const { tls: byAddress } = parseConnection(`postgres://a@${host}/x?sslmode=verify-full`);
    assert.deepEqual(byAddress, { host: address, rejectUnauthorized: true }, 'no name to ask for');
  }
  assert.throws(() => tls('perhaps'), { code: 'config_invalid' });
});

test('what is not an address is refused without telling the password', () => {
  for (const text of ['', 'db.example', 'http://a:secret@db/x', 'postgres//a:secret@db']) {
    assert.throws(
      () => parseConnection(text),
      (error: Error) => !error.message.includes('secret') && /postgres:/.test(error.message),
    );
  }
});

test('the same server, another database', () => {
  assert.equal(
    withDatabase('postgres://a:b@localhost/x?host=%2Ftmp', 'y'),
    'postgres://a:b@localhost/y?host=%2Ftmp',
  );
});
