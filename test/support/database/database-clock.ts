// A test database whose own clock can be set: every function, default and statement of ours in it reads the set time.

import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { openMaintenance } from '../../../src/store/database/sql.ts';

/** Given names that hide those of the server from every unqualified use. */
const CLOCKS = ['now', 'clock_timestamp', 'statement_timestamp', 'transaction_timestamp'];

export interface DatabaseClock {
  /** From now on the database's time is this far from the true one. */
  shift(seconds: number): Promise<void>;
}

/**
 * Puts clocks that can be set in front of the server's. A name is looked for along the search path, and the server's
 * functions come first only where the path does not name their place. Call it before anybody connects.
 */
export async function shiftableClock(
  t: { after(act: () => Promise<void>): void },
  connection: string,
): Promise<DatabaseClock> {
  const sql = openMaintenance({ connection, clock: systemClock, log: quietLog });
  t.after(() => sql.end());
  await sql.unsafe(`
    CREATE SCHEMA shifted;
    CREATE TABLE shifted.clock (ahead interval NOT NULL);
    INSERT INTO shifted.clock VALUES ('0');
    ${CLOCKS.map(
      (name) => `
        CREATE FUNCTION shifted.${name}() RETURNS timestamptz LANGUAGE sql VOLATILE
        AS 'SELECT pg_catalog.${name}() + ahead FROM shifted.clock';`,
    ).join('\n')}
    GRANT USAGE ON SCHEMA shifted TO PUBLIC;
    GRANT SELECT ON shifted.clock TO PUBLIC;
    DO $$
    DECLARE each record;
    BEGIN
      EXECUTE format('ALTER DATABASE %I SET search_path = shifted, pg_catalog, public', current_database());
      -- Those that run as their owner bring a path of their own.
      FOR each IN SELECT p.oid::regprocedure AS called, substr(setting, length('search_path=') + 1) AS path
        FROM pg_proc p, unnest(proconfig) AS setting
        WHERE pronamespace = 'public'::regnamespace AND setting LIKE 'search_path=%'
      LOOP
        EXECUTE format('ALTER ROUTINE %s SET search_path = shifted, pg_catalog, %s', each.called, each.path);
      END LOOP;
      -- A default was looked up when its table was made.
      FOR each IN SELECT d.adrelid::regclass AS relation, a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS said
        FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE pg_get_expr(d.adbin, d.adrelid) ~ '\\m(${CLOCKS.join('|')})\\('
      LOOP
        EXECUTE format('ALTER TABLE %s ALTER %I SET DEFAULT %s', each.relation, each.name,
          regexp_replace(each.said, '\\m(${CLOCKS.join('|')})\\(', 'shifted.\\1(', 'g'));
      END LOOP;
    END $$`);
  return {
    async shift(seconds) {
      await sql`UPDATE shifted.clock SET ahead = make_interval(secs => ${seconds})`;
    },
  };
}
