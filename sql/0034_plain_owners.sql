-- Works for whoever owns the database, superuser or not: where databases are rented nobody is one.
--
-- Whether a metering function runs is told by its search_path. Until now it was told by a setting of our own, which only
-- superusers may give to a function: neither the migrations nor a restored dump could be applied by anybody else.

CREATE OR REPLACE FUNCTION metering_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('search_path') NOT LIKE '%frontdesk_metering%' THEN
    RAISE EXCEPTION 'only the metering functions may write here' USING ERRCODE = '42501', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE proconfig @> ARRAY['frontdesk.metering=on'] LOOP
    EXECUTE format('ALTER FUNCTION %s RESET frontdesk.metering', f);
    EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp, frontdesk_metering', f);
  END LOOP;
END $$;

-- Makes the role the application works under where there is none, as after a dump was restored on another server, and
-- gives it its rights. False where the login role may not.
CREATE FUNCTION make_application_role() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    CREATE ROLE frontdesk_app NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
  END;
  EXECUTE format('GRANT frontdesk_app TO %I', current_user);
  PERFORM grant_application();
  RETURN true;
EXCEPTION WHEN insufficient_privilege THEN
  RETURN false;
END $$;
REVOKE EXECUTE ON FUNCTION make_application_role() FROM PUBLIC;

-- As before, and the inner steps: a dump that was restored without privileges has lost who may not run them.
CREATE OR REPLACE FUNCTION grant_application() RETURNS void LANGUAGE plpgsql AS $$
DECLARE writable text;
BEGIN
  SELECT string_agg(quote_ident(column_name::text), ', ') INTO writable FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name = 'clients'
    AND column_name NOT IN ('balance_seconds', 'reserved_seconds', 'debt_seconds', 'audit_failed_at');
  GRANT USAGE ON SCHEMA public TO frontdesk_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO frontdesk_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO frontdesk_app;
  REVOKE INSERT, UPDATE, DELETE ON ledger, call_leases, clients, meter_audit, payments, payment_refunds, payment_disputes
    FROM frontdesk_app;
  REVOKE DELETE ON orders FROM frontdesk_app;
  EXECUTE format('GRANT INSERT (%1$s), UPDATE (%1$s) ON clients TO frontdesk_app', writable);
  REVOKE EXECUTE ON FUNCTION meter_extend(uuid, uuid, bigint), meter_close(call_leases, bigint, text),
    pay_apply(text, text), pay_lock(text), grant_application(), make_application_role() FROM PUBLIC;
END $$;
