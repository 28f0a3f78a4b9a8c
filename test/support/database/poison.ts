// Rows that no statement can handle: a real fault of the database, at one row and at no other.

import type { Sql } from '../../../src/store/database/sql.ts';

let count = 0;

/** From now on the database refuses, with a fault that nobody expects, to insert or change rows of `table` for which `when` is true: SQL on `NEW`. */
export async function poison(sql: Sql, table: string, when: string): Promise<void> {
  count += 1;
  const name = `poison_${count}`;
  await sql.unsafe(`
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'poisoned' USING ERRCODE = '22000'; END $$;
    CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${name}();`);
}
