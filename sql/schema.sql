-- What the migrations add up to. Made by scripts/schema.ts; change a migration, never this file.

-- Extensions

CREATE EXTENSION btree_gin;

CREATE EXTENSION btree_gist;

-- Tables

CREATE TABLE billing_accounts (
  client_id uuid NOT NULL,
  stripe_customer text,
  auto_enabled boolean DEFAULT false NOT NULL,
  auto_threshold_seconds bigint DEFAULT 600 NOT NULL,
  auto_package_id uuid,
  auto_failure text,
  auto_failed_at timestamp with time zone,
  low_told_at timestamp with time zone,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  low_told_seconds bigint,
  customer_deleted_at timestamp with time zone,
  customer_try_at timestamp with time zone,
  CONSTRAINT billing_accounts_pkey PRIMARY KEY (client_id),
  CONSTRAINT billing_accounts_stripe_customer_key UNIQUE (stripe_customer),
  CONSTRAINT billing_accounts_auto_package_id_fkey FOREIGN KEY (auto_package_id) REFERENCES billing_packages(id),
  CONSTRAINT billing_accounts_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT billing_accounts_auto_failure_check CHECK ((length(auto_failure) <= 200)),
  CONSTRAINT billing_accounts_auto_threshold_seconds_check CHECK (((auto_threshold_seconds >= 0) AND (auto_threshold_seconds <= 316224000))),
  CONSTRAINT billing_accounts_check CHECK (((NOT auto_enabled) OR (auto_package_id IS NOT NULL)))
);

CREATE TABLE billing_packages (
  id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL,
  seconds bigint NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT billing_packages_pkey PRIMARY KEY (id),
  CONSTRAINT billing_packages_amount_check CHECK (((amount >= 1) AND (amount <= 99999999))),
  CONSTRAINT billing_packages_currency_check CHECK ((currency ~ '^[a-z]{3}$'::text)),
  CONSTRAINT billing_packages_description_check CHECK ((length(description) <= 500)),
  CONSTRAINT billing_packages_kind_check CHECK ((kind = ANY (ARRAY['top_up'::text, 'plan'::text]))),
  CONSTRAINT billing_packages_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  CONSTRAINT billing_packages_position_check CHECK ((("position" >= 0) AND ("position" <= 1000))),
  CONSTRAINT billing_packages_seconds_check CHECK (((seconds >= 1) AND (seconds <= 316224000)))
);

CREATE TABLE blocked_callers (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  phone_number text NOT NULL,
  note text DEFAULT ''::text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT blocked_callers_pkey PRIMARY KEY (id),
  CONSTRAINT blocked_callers_number UNIQUE (client_id, phone_number),
  CONSTRAINT blocked_callers_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT blocked_callers_note_check CHECK ((length(note) <= 500)),
  CONSTRAINT blocked_callers_phone_number_check CHECK ((phone_number ~ '^\+[1-9][0-9]{0,14}\*?$'::text))
);

CREATE TABLE booking_changes (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  booking_id uuid NOT NULL,
  kind text NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT booking_changes_pkey PRIMARY KEY (id),
  CONSTRAINT booking_changes_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES bookings(id) ON UPDATE CASCADE ON DELETE CASCADE,
  CONSTRAINT booking_changes_kind_check CHECK ((kind = ANY (ARRAY['booked'::text, 'rescheduled'::text, 'cancelled'::text])))
);

CREATE TABLE booking_rules (
  client_id uuid NOT NULL,
  slot_minutes integer DEFAULT 30 NOT NULL,
  buffer_before_minutes integer DEFAULT 0 NOT NULL,
  buffer_after_minutes integer DEFAULT 0 NOT NULL,
  lead_minutes integer DEFAULT 60 NOT NULL,
  horizon_days integer DEFAULT 60 NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT booking_rules_pkey PRIMARY KEY (client_id),
  CONSTRAINT booking_rules_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT booking_rules_buffer_after_minutes_check CHECK (((buffer_after_minutes >= 0) AND (buffer_after_minutes <= 240))),
  CONSTRAINT booking_rules_buffer_before_minutes_check CHECK (((buffer_before_minutes >= 0) AND (buffer_before_minutes <= 240))),
  CONSTRAINT booking_rules_horizon_days_check CHECK (((horizon_days >= 1) AND (horizon_days <= 366))),
  CONSTRAINT booking_rules_lead_minutes_check CHECK (((lead_minutes >= 0) AND (lead_minutes <= 43200))),
  CONSTRAINT booking_rules_slot_minutes_check CHECK (((slot_minutes >= 5) AND (slot_minutes <= 480)))
);

CREATE TABLE bookings (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  calendar_id uuid NOT NULL,
  resource integer DEFAULT 0 NOT NULL,
  shown tstzrange NOT NULL,
  during tstzrange NOT NULL,
  status text NOT NULL,
  idem_key text NOT NULL,
  hold_until timestamp with time zone,
  submitted_at timestamp with time zone,
  name text NOT NULL,
  phone text,
  reason text DEFAULT ''::text NOT NULL,
  conversation_id uuid,
  contact_id uuid,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  promised_at timestamp with time zone,
  event_etag text,
  event_due text,
  retry_at timestamp with time zone,
  missing_since timestamp with time zone,
  reminded_at timestamp with time zone,
  CONSTRAINT bookings_pkey PRIMARY KEY (id),
  CONSTRAINT bookings_calendar_id_resource_fkey FOREIGN KEY (calendar_id, resource) REFERENCES resources(calendar_id, number),
  CONSTRAINT bookings_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT bookings_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE SET NULL,
  CONSTRAINT bookings_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE SET NULL,
  CONSTRAINT bookings_check CHECK ((during @> shown)),
  CONSTRAINT bookings_check1 CHECK (((status <> 'held'::text) OR (hold_until IS NOT NULL))),
  CONSTRAINT bookings_during_check CHECK ((lower_inc(during) AND (NOT upper_inc(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during)))),
  CONSTRAINT bookings_event_due_check CHECK ((event_due = ANY (ARRAY['insert'::text, 'patch'::text, 'delete'::text]))),
  CONSTRAINT bookings_event_etag_check CHECK ((length(event_etag) <= 200)),
  CONSTRAINT bookings_idem_key_check CHECK (((length(idem_key) >= 1) AND (length(idem_key) <= 200))),
  CONSTRAINT bookings_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  CONSTRAINT bookings_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT bookings_reason_check CHECK ((length(reason) <= 500)),
  CONSTRAINT bookings_shown_check CHECK (((NOT isempty(shown)) AND lower_inc(shown) AND (NOT upper_inc(shown)) AND (NOT lower_inf(shown)) AND (NOT upper_inf(shown)))),
  CONSTRAINT bookings_status_check CHECK ((status = ANY (ARRAY['held'::text, 'confirmed'::text, 'cancelled'::text, 'expired'::text]))),
  CONSTRAINT no_double_booking EXCLUDE USING gist (calendar_id WITH =, resource WITH =, during WITH &&) WHERE ((status = ANY (ARRAY['held'::text, 'confirmed'::text])))
);

CREATE TABLE bot_commands (
  id uuid NOT NULL,
  name text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  client_id uuid,
  triggers text[] NOT NULL,
  reply text,
  tool text,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT bot_commands_pkey PRIMARY KEY (id),
  CONSTRAINT bot_commands_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE CASCADE,
  CONSTRAINT bot_commands_check CHECK (((reply IS NULL) <> (tool IS NULL))),
  CONSTRAINT bot_commands_description_check CHECK ((length(description) <= 500)),
  CONSTRAINT bot_commands_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9_-]{0,59}$'::text)),
  CONSTRAINT bot_commands_reply_check CHECK (((length(reply) >= 1) AND (length(reply) <= 1000))),
  CONSTRAINT bot_commands_tool_check CHECK (((length(tool) >= 1) AND (length(tool) <= 100))),
  CONSTRAINT bot_commands_triggers_check CHECK (((cardinality(triggers) >= 1) AND (cardinality(triggers) <= 20)))
);

CREATE TABLE calendar_credentials (
  client_id uuid NOT NULL,
  kind text NOT NULL,
  sealed text NOT NULL,
  account text DEFAULT ''::text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  last_used_at timestamp with time zone,
  CONSTRAINT calendar_credentials_pkey PRIMARY KEY (client_id),
  CONSTRAINT calendar_credentials_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT calendar_credentials_account_check CHECK ((length(account) <= 320)),
  CONSTRAINT calendar_credentials_kind_check CHECK ((kind = ANY (ARRAY['oauth'::text, 'service_account'::text]))),
  CONSTRAINT calendar_credentials_sealed_check CHECK ((length(sealed) <= 20000))
);

CREATE TABLE calendar_feeds (
  client_id uuid NOT NULL,
  generation integer DEFAULT 1 NOT NULL,
  token_hash bytea NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT calendar_feeds_pkey PRIMARY KEY (client_id),
  CONSTRAINT calendar_feeds_token_hash_key UNIQUE (token_hash),
  CONSTRAINT calendar_feeds_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id)
);

CREATE TABLE calendar_links (
  client_id uuid NOT NULL,
  calendar_id uuid NOT NULL,
  via text NOT NULL,
  name text DEFAULT ''::text NOT NULL,
  zone text NOT NULL,
  sync_token text,
  copied_until timestamp with time zone,
  copied_at timestamp with time zone,
  synced_at timestamp with time zone,
  sync_due_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  failing_since timestamp with time zone,
  broken_at timestamp with time zone,
  fault text,
  CONSTRAINT calendar_links_pkey PRIMARY KEY (client_id),
  CONSTRAINT calendar_links_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES calendars(id),
  CONSTRAINT calendar_links_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT calendar_links_fault_check CHECK ((length(fault) <= 200)),
  CONSTRAINT calendar_links_name_check CHECK ((length(name) <= 1024)),
  CONSTRAINT calendar_links_via_check CHECK ((via = ANY (ARRAY['own'::text, 'fallback'::text])))
);

CREATE TABLE calendar_oauth_states (
  state_hash bytea NOT NULL,
  client_id uuid NOT NULL,
  user_id uuid NOT NULL,
  browser_hash bytea NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT calendar_oauth_states_pkey PRIMARY KEY (state_hash),
  CONSTRAINT calendar_oauth_states_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE CASCADE,
  CONSTRAINT calendar_oauth_states_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE calendars (
  id uuid NOT NULL,
  client_id uuid,
  google_id text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT calendars_pkey PRIMARY KEY (id),
  CONSTRAINT calendars_client_id_key UNIQUE (client_id),
  CONSTRAINT calendars_google_id_key UNIQUE (google_id),
  CONSTRAINT calendars_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT calendars_check CHECK ((num_nonnulls(client_id, google_id) = 1)),
  CONSTRAINT calendars_google_id_check CHECK (((length(google_id) >= 1) AND (length(google_id) <= 1024)))
);

CREATE TABLE call_consents (
  client_id uuid NOT NULL,
  phone_number text NOT NULL,
  state text NOT NULL,
  source text NOT NULL,
  at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT call_consents_pkey PRIMARY KEY (client_id, phone_number),
  CONSTRAINT call_consents_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT call_consents_phone_number_check CHECK ((phone_number ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT call_consents_source_check CHECK ((source = ANY (ARRAY['owner'::text, 'call'::text]))),
  CONSTRAINT call_consents_state_check CHECK ((state = ANY (ARRAY['given'::text, 'refused'::text])))
);

CREATE TABLE call_leases (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  call_sid text NOT NULL,
  stream_sid text NOT NULL,
  segment integer DEFAULT 1 NOT NULL,
  owner text NOT NULL,
  epoch integer DEFAULT 1 NOT NULL,
  state text DEFAULT 'active'::text NOT NULL,
  granted_seconds bigint NOT NULL,
  used_seconds bigint DEFAULT 0 NOT NULL,
  overrun_seconds bigint DEFAULT 0 NOT NULL,
  billed_seconds bigint,
  reason text,
  started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  beat_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  settled_at timestamp with time zone,
  CONSTRAINT call_leases_pkey PRIMARY KEY (id),
  CONSTRAINT call_leases_stream_sid_segment_key UNIQUE (stream_sid, segment),
  CONSTRAINT call_leases_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT call_leases_billed_seconds_check CHECK ((billed_seconds >= 0)),
  CONSTRAINT call_leases_call_sid_check CHECK (((length(call_sid) >= 1) AND (length(call_sid) <= 200))),
  CONSTRAINT call_leases_check CHECK ((used_seconds <= granted_seconds)),
  CONSTRAINT call_leases_check1 CHECK (((state = 'settled'::text) = (billed_seconds IS NOT NULL))),
  CONSTRAINT call_leases_check2 CHECK (((state = 'settled'::text) = (reason IS NOT NULL))),
  CONSTRAINT call_leases_check3 CHECK (((billed_seconds IS NULL) OR (billed_seconds <= granted_seconds))),
  CONSTRAINT call_leases_granted_seconds_check CHECK ((granted_seconds >= 0)),
  CONSTRAINT call_leases_overrun_seconds_check CHECK ((overrun_seconds >= 0)),
  CONSTRAINT call_leases_reason_check CHECK ((reason = ANY (ARRAY['stop'::text, 'closed'::text, 'credit'::text, 'max'::text, 'drain'::text, 'superseded'::text, 'orphan'::text, 'error'::text]))),
  CONSTRAINT call_leases_state_check CHECK ((state = ANY (ARRAY['active'::text, 'settled'::text]))),
  CONSTRAINT call_leases_stream_sid_check CHECK (((length(stream_sid) >= 1) AND (length(stream_sid) <= 200))),
  CONSTRAINT call_leases_used_seconds_check CHECK ((used_seconds >= 0))
);

CREATE TABLE caller_limits (
  client_id uuid NOT NULL,
  concurrent_max integer DEFAULT 3 NOT NULL,
  calls_max integer DEFAULT 10 NOT NULL,
  caller_seconds_max integer DEFAULT 7200,
  client_seconds_max integer,
  block_withheld boolean DEFAULT false NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT caller_limits_pkey PRIMARY KEY (client_id),
  CONSTRAINT caller_limits_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT caller_limits_caller_seconds_max_check CHECK (((caller_seconds_max >= 60) AND (caller_seconds_max <= 86400))),
  CONSTRAINT caller_limits_calls_max_check CHECK (((calls_max >= 1) AND (calls_max <= 100000))),
  CONSTRAINT caller_limits_client_seconds_max_check CHECK (((client_seconds_max >= 60) AND (client_seconds_max <= 8640000))),
  CONSTRAINT caller_limits_concurrent_max_check CHECK (((concurrent_max >= 1) AND (concurrent_max <= 1000)))
);

CREATE TABLE clients (
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  phone_number text,
  zone text DEFAULT 'America/New_York'::text NOT NULL,
  language text DEFAULT 'en-US'::text NOT NULL,
  system_prompt text DEFAULT ''::text NOT NULL,
  initial_greeting text DEFAULT ''::text NOT NULL,
  disclosure text DEFAULT ''::text NOT NULL,
  llm_model text NOT NULL,
  stt_model text NOT NULL,
  tts_provider text NOT NULL,
  tts_model text DEFAULT ''::text NOT NULL,
  tts_voice_id text NOT NULL,
  enabled_tools text[] DEFAULT '{}'::text[] NOT NULL,
  calendar_id text DEFAULT ''::text NOT NULL,
  fallback_number text,
  concurrency_max integer DEFAULT 10 NOT NULL,
  call_seconds_max integer DEFAULT 3600 NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  balance_seconds bigint DEFAULT 0 NOT NULL,
  reserved_seconds bigint DEFAULT 0 NOT NULL,
  debt_seconds bigint DEFAULT 0 NOT NULL,
  audit_failed_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  recording_enabled boolean DEFAULT false NOT NULL,
  recording_notice text DEFAULT ''::text NOT NULL,
  recording_days integer DEFAULT 30 NOT NULL,
  alert_below_seconds bigint,
  alert_email text,
  patience text DEFAULT 'normal'::text NOT NULL,
  speculation boolean DEFAULT true NOT NULL,
  noise_suppression boolean DEFAULT false NOT NULL,
  pronunciations jsonb DEFAULT '[]'::jsonb NOT NULL,
  stt_fallbacks text[],
  llm_fallbacks text[],
  tts_fallbacks text[],
  remind_hours integer DEFAULT 24,
  erased_at timestamp with time zone,
  erase_try_at timestamp with time zone,
  keyterms text[] DEFAULT '{}'::text[] NOT NULL,
  CONSTRAINT clients_pkey PRIMARY KEY (id),
  CONSTRAINT clients_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES users(id),
  CONSTRAINT clients_alert_below_seconds_check CHECK (((alert_below_seconds >= 0) AND (alert_below_seconds <= 31536000))),
  CONSTRAINT clients_alert_email_check CHECK ((length(alert_email) <= 320)),
  CONSTRAINT clients_balance_seconds_check CHECK ((balance_seconds >= 0)),
  CONSTRAINT clients_call_seconds_max_check CHECK (((call_seconds_max >= 60) AND (call_seconds_max <= 14400))),
  CONSTRAINT clients_check CHECK ((reserved_seconds <= balance_seconds)),
  CONSTRAINT clients_check1 CHECK (((debt_seconds = 0) OR (balance_seconds = reserved_seconds))),
  CONSTRAINT clients_concurrency_max_check CHECK (((concurrency_max >= 1) AND (concurrency_max <= 1000))),
  CONSTRAINT clients_debt_seconds_check CHECK ((debt_seconds >= 0)),
  CONSTRAINT clients_disclosure_check CHECK ((length(disclosure) <= 500)),
  CONSTRAINT clients_fallback_number_check CHECK ((fallback_number ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT clients_initial_greeting_check CHECK ((length(initial_greeting) <= 1000)),
  CONSTRAINT clients_keyterms_check CHECK ((cardinality(keyterms) <= 100)),
  CONSTRAINT clients_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  CONSTRAINT clients_patience_check CHECK ((patience = ANY (ARRAY['quick'::text, 'normal'::text, 'patient'::text]))),
  CONSTRAINT clients_phone_number_check CHECK ((phone_number ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT clients_pronunciations_check CHECK ((jsonb_typeof(pronunciations) = 'array'::text)),
  CONSTRAINT clients_recording_days_check CHECK (((recording_days >= 1) AND (recording_days <= 3650))),
  CONSTRAINT clients_recording_notice_check CHECK ((length(recording_notice) <= 500)),
  CONSTRAINT clients_remind_hours_check CHECK (((remind_hours >= 1) AND (remind_hours <= 336))),
  CONSTRAINT clients_reserved_seconds_check CHECK ((reserved_seconds >= 0)),
  CONSTRAINT clients_system_prompt_check CHECK ((length(system_prompt) <= 20000))
);

CREATE TABLE clips (
  key text NOT NULL,
  text text NOT NULL,
  audio bytea NOT NULL,
  words jsonb DEFAULT '[]'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  used_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT clips_pkey PRIMARY KEY (key)
);

CREATE TABLE clips_due (
  client_id uuid NOT NULL,
  since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  try_at timestamp with time zone NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  CONSTRAINT clips_due_pkey PRIMARY KEY (client_id),
  CONSTRAINT clips_due_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT clips_due_attempts_check CHECK ((attempts >= 0))
);

CREATE TABLE contacts (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  phone_number text NOT NULL,
  name text DEFAULT ''::text NOT NULL,
  notes text DEFAULT ''::text NOT NULL,
  last_call_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT contacts_pkey PRIMARY KEY (id),
  CONSTRAINT contacts_client_id_phone_number_key UNIQUE (client_id, phone_number),
  CONSTRAINT contacts_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT contacts_name_check CHECK ((length(name) <= 200)),
  CONSTRAINT contacts_notes_check CHECK ((length(notes) <= 5000)),
  CONSTRAINT contacts_phone_number_check CHECK ((phone_number ~ '^\+[1-9][0-9]{6,14}$'::text))
);

CREATE TABLE conversation_costs (
  conversation_id uuid NOT NULL,
  client_id uuid,
  vendor text NOT NULL,
  unit text NOT NULL,
  quantity bigint NOT NULL,
  microdollars bigint NOT NULL,
  first_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT conversation_costs_pkey PRIMARY KEY (conversation_id, vendor, unit),
  CONSTRAINT conversation_costs_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT conversation_costs_microdollars_check CHECK ((microdollars >= 0)),
  CONSTRAINT conversation_costs_quantity_check CHECK ((quantity >= 0)),
  CONSTRAINT conversation_costs_unit_check CHECK ((unit = ANY (ARRAY['input_tokens'::text, 'output_tokens'::text, 'characters'::text, 'milliseconds'::text]))),
  CONSTRAINT conversation_costs_vendor_check CHECK (((length(vendor) >= 1) AND (length(vendor) <= 200)))
);

CREATE TABLE conversations (
  id uuid NOT NULL,
  client_id uuid,
  contact_id uuid,
  channel text DEFAULT 'phone'::text NOT NULL,
  call_sid text,
  caller_phone text,
  disclosure_version text,
  owner text,
  started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  ended_at timestamp with time zone,
  end_reason text,
  outcome text,
  flags text[] DEFAULT '{}'::text[] NOT NULL,
  duration_ms bigint DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  search tsvector,
  user_id uuid,
  room text DEFAULT ''::text NOT NULL,
  system_prompt text DEFAULT ''::text NOT NULL,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  busy_until timestamp with time zone,
  reply_ms real[] DEFAULT '{}'::real[] NOT NULL,
  cost_microdollars bigint DEFAULT 0 NOT NULL,
  CONSTRAINT conversations_pkey PRIMARY KEY (id),
  CONSTRAINT conversations_call_sid_key UNIQUE (call_sid),
  CONSTRAINT conversations_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT conversations_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id) ON DELETE SET NULL,
  CONSTRAINT conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT conversations_caller_phone_check CHECK ((caller_phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT conversations_channel_check CHECK ((channel = ANY (ARRAY['phone'::text, 'browser'::text, 'chat'::text]))),
  CONSTRAINT conversations_check CHECK (((client_id IS NOT NULL) OR (channel <> 'phone'::text))),
  CONSTRAINT conversations_duration_ms_check CHECK ((duration_ms >= 0)),
  CONSTRAINT conversations_outcome_check CHECK ((outcome = ANY (ARRAY['booked'::text, 'rescheduled'::text, 'cancelled'::text, 'message'::text, 'transferred'::text, 'missed'::text, 'left_message'::text, 'machine'::text, 'answered'::text, 'abandoned'::text, 'no_credit'::text, 'failed'::text]))),
  CONSTRAINT conversations_room_check CHECK ((length(room) <= 200)),
  CONSTRAINT conversations_system_prompt_check CHECK ((length(system_prompt) <= 20000))
);

CREATE TABLE daily_usage (
  subject text NOT NULL,
  day date NOT NULL,
  used_seconds bigint DEFAULT 0 NOT NULL,
  CONSTRAINT daily_usage_pkey PRIMARY KEY (subject, day),
  CONSTRAINT daily_usage_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 200))),
  CONSTRAINT daily_usage_used_seconds_check CHECK ((used_seconds >= 0))
);

CREATE TABLE google_busy (
  client_id uuid NOT NULL,
  google_id text NOT NULL,
  event_id text NOT NULL,
  during tstzrange NOT NULL,
  booking_id uuid,
  CONSTRAINT google_busy_pkey PRIMARY KEY (client_id, google_id, event_id),
  CONSTRAINT google_busy_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT google_busy_during_check CHECK ((NOT isempty(during))),
  CONSTRAINT google_busy_event_id_check CHECK ((length(event_id) <= 1200))
);

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status integer,
  content_type text,
  body text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key),
  CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

CREATE TABLE job_runs (
  name text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  place bigint,
  CONSTRAINT job_runs_pkey PRIMARY KEY (name)
);

CREATE TABLE knowledge (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT knowledge_pkey PRIMARY KEY (id),
  CONSTRAINT knowledge_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT knowledge_position_check CHECK ((("position" >= 0) AND ("position" <= 1000))),
  CONSTRAINT knowledge_text_check CHECK (((length(text) >= 1) AND (length(text) <= 20000))),
  CONSTRAINT knowledge_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);

CREATE TABLE knowledge_passages (
  knowledge_id uuid NOT NULL,
  number integer NOT NULL,
  client_id uuid NOT NULL,
  title text NOT NULL,
  text text NOT NULL,
  words tsvector NOT NULL,
  CONSTRAINT knowledge_passages_pkey PRIMARY KEY (knowledge_id, number),
  CONSTRAINT knowledge_passages_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT knowledge_passages_knowledge_id_fkey FOREIGN KEY (knowledge_id) REFERENCES knowledge(id) ON DELETE CASCADE
);

CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  client_id uuid NOT NULL,
  kind text NOT NULL,
  delta_seconds bigint NOT NULL,
  idem_key text NOT NULL,
  meta jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT ledger_pkey PRIMARY KEY (id),
  CONSTRAINT ledger_idem_key_key UNIQUE (idem_key),
  CONSTRAINT ledger_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id) ON DELETE RESTRICT,
  CONSTRAINT ledger_check CHECK (((kind <> 'call'::text) OR (delta_seconds < 0))),
  CONSTRAINT ledger_check1 CHECK (((kind <> 'topup'::text) OR (delta_seconds > 0))),
  CONSTRAINT ledger_delta_seconds_check CHECK ((delta_seconds <> 0)),
  CONSTRAINT ledger_idem_key_check CHECK (((length(idem_key) >= 1) AND (length(idem_key) <= 200))),
  CONSTRAINT ledger_kind_check CHECK ((kind = ANY (ARRAY['topup'::text, 'refund'::text, 'dispute'::text, 'reinstate'::text, 'call'::text, 'adjust'::text, 'chat'::text])))
);

CREATE TABLE line_settings (
  client_id uuid NOT NULL,
  notify_numbers text[] DEFAULT '{}'::text[] NOT NULL,
  sms_to_callers boolean DEFAULT false NOT NULL,
  transfer_mode text DEFAULT 'warm'::text NOT NULL,
  allowed_countries text[] DEFAULT '{}'::text[] NOT NULL,
  keypad_exit boolean DEFAULT true NOT NULL,
  outbound_enabled boolean DEFAULT false NOT NULL,
  outbound_from time without time zone DEFAULT '09:00:00'::time without time zone NOT NULL,
  outbound_until time without time zone DEFAULT '20:00:00'::time without time zone NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT line_settings_pkey PRIMARY KEY (client_id),
  CONSTRAINT line_settings_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT line_settings_allowed_countries_check CHECK ((cardinality(allowed_countries) <= 50)),
  CONSTRAINT line_settings_check CHECK ((outbound_from < outbound_until)),
  CONSTRAINT line_settings_notify_numbers_check CHECK ((cardinality(notify_numbers) <= 5)),
  CONSTRAINT line_settings_transfer_mode_check CHECK ((transfer_mode = ANY (ARRAY['warm'::text, 'cold'::text])))
);

CREATE TABLE mcp_servers (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  header_names text[] DEFAULT '{}'::text[] NOT NULL,
  headers_sealed text,
  tools jsonb DEFAULT '[]'::jsonb NOT NULL,
  tools_at timestamp with time zone,
  allowed text[],
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT mcp_servers_pkey PRIMARY KEY (id),
  CONSTRAINT mcp_servers_name UNIQUE (client_id, name),
  CONSTRAINT mcp_servers_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT mcp_servers_name_check CHECK ((name ~ '^[a-z][a-z0-9_]{0,23}$'::text)),
  CONSTRAINT mcp_servers_url_check CHECK (((length(url) >= 1) AND (length(url) <= 2000)))
);

CREATE TABLE message_audio (
  message_id uuid NOT NULL,
  audio bytea NOT NULL,
  hear_at timestamp with time zone DEFAULT clock_timestamp(),
  attempts integer DEFAULT 0 NOT NULL,
  CONSTRAINT message_audio_pkey PRIMARY KEY (message_id),
  CONSTRAINT message_audio_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id) ON DELETE CASCADE,
  CONSTRAINT message_audio_audio_check CHECK (((length(audio) >= 1) AND (length(audio) <= 480000)))
);

CREATE TABLE messages (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  conversation_id uuid,
  name text NOT NULL,
  phone text NOT NULL,
  text text NOT NULL,
  urgent boolean DEFAULT false NOT NULL,
  read_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT messages_pkey PRIMARY KEY (id),
  CONSTRAINT messages_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE SET NULL,
  CONSTRAINT messages_name_check CHECK ((length(name) <= 200)),
  CONSTRAINT messages_phone_check CHECK ((length(phone) <= 40)),
  CONSTRAINT messages_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);

CREATE TABLE migrations (
  number integer NOT NULL,
  name text NOT NULL,
  applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT migrations_pkey PRIMARY KEY (number)
);

CREATE TABLE notices (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  client_id uuid NOT NULL,
  kind text NOT NULL,
  severity text NOT NULL,
  text text NOT NULL,
  data jsonb DEFAULT '{}'::jsonb NOT NULL,
  dedupe_key text NOT NULL,
  read_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT notices_pkey PRIMARY KEY (id),
  CONSTRAINT notices_client_id_dedupe_key_key UNIQUE (client_id, dedupe_key),
  CONSTRAINT notices_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT notices_dedupe_key_check CHECK (((length(dedupe_key) >= 1) AND (length(dedupe_key) <= 200))),
  CONSTRAINT notices_kind_check CHECK ((kind ~ '^[a-z][a-z0-9_.]{0,59}$'::text)),
  CONSTRAINT notices_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'error'::text]))),
  CONSTRAINT notices_text_check CHECK (((length(text) >= 1) AND (length(text) <= 1000)))
);

CREATE TABLE oauth_states (
  state_hash bytea NOT NULL,
  browser_hash bytea NOT NULL,
  bound boolean NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT oauth_states_pkey PRIMARY KEY (state_hash)
);

CREATE TABLE opening_hours (
  client_id uuid NOT NULL,
  weekday integer NOT NULL,
  opens time without time zone NOT NULL,
  closes time without time zone NOT NULL,
  CONSTRAINT opening_hours_pkey PRIMARY KEY (client_id, weekday, opens),
  CONSTRAINT opening_hours_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT opening_hours_check CHECK ((opens < closes)),
  CONSTRAINT opening_hours_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);

CREATE TABLE orders (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  package_id uuid NOT NULL,
  kind text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL,
  seconds bigint NOT NULL,
  state text DEFAULT 'open'::text NOT NULL,
  failure text,
  session_id text,
  payment_intent text,
  subscription_id text,
  created_by uuid,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  paid_at timestamp with time zone,
  asked_at timestamp with time zone,
  CONSTRAINT orders_pkey PRIMARY KEY (id),
  CONSTRAINT orders_session_id_key UNIQUE (session_id),
  CONSTRAINT orders_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT orders_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id),
  CONSTRAINT orders_package_id_fkey FOREIGN KEY (package_id) REFERENCES billing_packages(id),
  CONSTRAINT orders_amount_check CHECK ((amount > 0)),
  CONSTRAINT orders_failure_check CHECK ((length(failure) <= 200)),
  CONSTRAINT orders_kind_check CHECK ((kind = ANY (ARRAY['top_up'::text, 'auto_top_up'::text, 'plan'::text, 'plan_change'::text]))),
  CONSTRAINT orders_seconds_check CHECK ((seconds > 0)),
  CONSTRAINT orders_state_check CHECK ((state = ANY (ARRAY['open'::text, 'processing'::text, 'paid'::text, 'failed'::text, 'expired'::text, 'mismatch'::text])))
);

CREATE TABLE outbound_calls (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  phone_number text NOT NULL,
  purpose text NOT NULL,
  text text NOT NULL,
  voicemail_text text DEFAULT ''::text NOT NULL,
  state text DEFAULT 'queued'::text NOT NULL,
  answered_by text DEFAULT 'unknown'::text NOT NULL,
  call_sid text,
  duration_seconds integer,
  created_by uuid,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  ended_at timestamp with time zone,
  CONSTRAINT outbound_calls_pkey PRIMARY KEY (id),
  CONSTRAINT outbound_calls_call_sid_key UNIQUE (call_sid),
  CONSTRAINT outbound_calls_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT outbound_calls_created_by_fkey FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE SET NULL,
  CONSTRAINT outbound_calls_answered_by_check CHECK ((answered_by = ANY (ARRAY['human'::text, 'machine'::text, 'fax'::text, 'unknown'::text]))),
  CONSTRAINT outbound_calls_phone_number_check CHECK ((phone_number ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT outbound_calls_purpose_check CHECK ((purpose = ANY (ARRAY['reminder'::text, 'callback'::text, 'other'::text]))),
  CONSTRAINT outbound_calls_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'ringing'::text, 'in-progress'::text, 'completed'::text, 'busy'::text, 'no-answer'::text, 'failed'::text, 'canceled'::text]))),
  CONSTRAINT outbound_calls_text_check CHECK (((length(text) >= 1) AND (length(text) <= 1000))),
  CONSTRAINT outbound_calls_voicemail_text_check CHECK ((length(voicemail_text) <= 1000))
);

CREATE TABLE outbox (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  client_id uuid NOT NULL,
  kind text NOT NULL,
  recipient text,
  event text NOT NULL,
  body text,
  payload jsonb,
  dedupe_key text NOT NULL,
  state text DEFAULT 'waiting'::text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  not_before timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  last_error text,
  carrier_sid text,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  settled_at timestamp with time zone,
  target_host text,
  sending boolean DEFAULT false NOT NULL,
  asked_at timestamp with time zone,
  CONSTRAINT outbox_pkey PRIMARY KEY (id),
  CONSTRAINT outbox_client_id_kind_dedupe_key_key UNIQUE (client_id, kind, dedupe_key),
  CONSTRAINT outbox_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT outbox_body_check CHECK (((length(body) >= 1) AND (length(body) <= 1600))),
  CONSTRAINT outbox_check CHECK (((kind = 'sms'::text) = ((recipient IS NOT NULL) AND (body IS NOT NULL)))),
  CONSTRAINT outbox_check1 CHECK (((kind = 'webhook'::text) = (payload IS NOT NULL))),
  CONSTRAINT outbox_check2 CHECK (((state = 'waiting'::text) = (settled_at IS NULL))),
  CONSTRAINT outbox_check3 CHECK (((asked_at IS NULL) OR (kind = 'sms'::text))),
  CONSTRAINT outbox_dedupe_key_check CHECK (((length(dedupe_key) >= 1) AND (length(dedupe_key) <= 200))),
  CONSTRAINT outbox_event_check CHECK ((event ~ '^[a-z][a-z0-9_.]{0,59}$'::text)),
  CONSTRAINT outbox_kind_check CHECK ((kind = ANY (ARRAY['sms'::text, 'webhook'::text]))),
  CONSTRAINT outbox_last_error_check CHECK ((length(last_error) <= 300)),
  CONSTRAINT outbox_recipient_check CHECK ((recipient ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text, 'dropped'::text]))),
  CONSTRAINT outbox_target_host_check CHECK (((length(target_host) >= 1) AND (length(target_host) <= 300)))
);

CREATE TABLE owner_tools (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  parameters jsonb NOT NULL,
  method text NOT NULL,
  url text NOT NULL,
  header_names text[] DEFAULT '{}'::text[] NOT NULL,
  headers_sealed text,
  timeout_ms integer DEFAULT 5000 NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT owner_tools_pkey PRIMARY KEY (id),
  CONSTRAINT owner_tools_name UNIQUE (client_id, name),
  CONSTRAINT owner_tools_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT owner_tools_description_check CHECK (((length(description) >= 1) AND (length(description) <= 1000))),
  CONSTRAINT owner_tools_method_check CHECK ((method = ANY (ARRAY['GET'::text, 'POST'::text, 'PUT'::text, 'PATCH'::text, 'DELETE'::text]))),
  CONSTRAINT owner_tools_name_check CHECK ((name ~ '^[a-z][a-z0-9_]{0,47}$'::text)),
  CONSTRAINT owner_tools_timeout_ms_check CHECK (((timeout_ms >= 500) AND (timeout_ms <= 5000))),
  CONSTRAINT owner_tools_url_check CHECK (((length(url) >= 1) AND (length(url) <= 2000)))
);

CREATE TABLE payment_disputes (
  id text NOT NULL,
  payment_intent text NOT NULL,
  amount bigint NOT NULL,
  withdrawals integer NOT NULL,
  reinstatements integer NOT NULL,
  CONSTRAINT payment_disputes_pkey PRIMARY KEY (id),
  CONSTRAINT payment_disputes_payment_intent_fkey FOREIGN KEY (payment_intent) REFERENCES payments(payment_intent),
  CONSTRAINT payment_disputes_amount_check CHECK ((amount >= 0)),
  CONSTRAINT payment_disputes_id_check CHECK (((length(id) >= 1) AND (length(id) <= 200))),
  CONSTRAINT payment_disputes_reinstatements_check CHECK ((reinstatements >= 0)),
  CONSTRAINT payment_disputes_withdrawals_check CHECK ((withdrawals >= 0))
);

CREATE TABLE payment_refunds (
  id text NOT NULL,
  payment_intent text NOT NULL,
  amount bigint NOT NULL,
  failed boolean NOT NULL,
  CONSTRAINT payment_refunds_pkey PRIMARY KEY (id),
  CONSTRAINT payment_refunds_payment_intent_fkey FOREIGN KEY (payment_intent) REFERENCES payments(payment_intent),
  CONSTRAINT payment_refunds_amount_check CHECK ((amount >= 0)),
  CONSTRAINT payment_refunds_id_check CHECK (((length(id) >= 1) AND (length(id) <= 200)))
);

CREATE TABLE payments (
  payment_intent text NOT NULL,
  order_id uuid,
  client_id uuid,
  currency text,
  amount bigint,
  seconds bigint,
  invoice_id text,
  paid_at timestamp with time zone,
  applied_seconds bigint DEFAULT 0 NOT NULL,
  version integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT payments_pkey PRIMARY KEY (payment_intent),
  CONSTRAINT payments_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id),
  CONSTRAINT payments_amount_check CHECK ((amount > 0)),
  CONSTRAINT payments_applied_seconds_check CHECK ((applied_seconds >= 0)),
  CONSTRAINT payments_check CHECK ((((seconds IS NULL) = (client_id IS NULL)) AND ((seconds IS NULL) = (order_id IS NULL)) AND ((seconds IS NULL) = (amount IS NULL)))),
  CONSTRAINT payments_check1 CHECK ((applied_seconds <= COALESCE(seconds, (0)::bigint))),
  CONSTRAINT payments_payment_intent_check CHECK (((length(payment_intent) >= 1) AND (length(payment_intent) <= 200))),
  CONSTRAINT payments_seconds_check CHECK ((seconds > 0))
);

CREATE TABLE rate_windows (
  key text NOT NULL,
  ends_at timestamp with time zone NOT NULL,
  used integer NOT NULL,
  granted integer NOT NULL,
  CONSTRAINT rate_windows_pkey PRIMARY KEY (key),
  CONSTRAINT rate_windows_granted_check CHECK ((granted >= 0)),
  CONSTRAINT rate_windows_key_check CHECK ((length(key) <= 200)),
  CONSTRAINT rate_windows_used_check CHECK ((used >= 0))
);

CREATE TABLE recordings (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  conversation_id uuid,
  place text DEFAULT 'disk'::text NOT NULL,
  sample_rate integer NOT NULL,
  bytes bigint DEFAULT 0 NOT NULL,
  started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  ended_at timestamp with time zone,
  keep_until timestamp with time zone NOT NULL,
  CONSTRAINT recordings_pkey PRIMARY KEY (id),
  CONSTRAINT recordings_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT recordings_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE SET NULL,
  CONSTRAINT recordings_bytes_check CHECK ((bytes >= 0)),
  CONSTRAINT recordings_place_check CHECK ((place = ANY (ARRAY['disk'::text, 's3'::text]))),
  CONSTRAINT recordings_sample_rate_check CHECK (((sample_rate >= 8000) AND (sample_rate <= 48000)))
);

CREATE TABLE refresh_tokens (
  token_hash bytea NOT NULL,
  family_id uuid NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash),
  CONSTRAINT refresh_tokens_family_id_fkey FOREIGN KEY (family_id) REFERENCES token_families(id) ON DELETE CASCADE
);

CREATE TABLE resources (
  calendar_id uuid NOT NULL,
  number integer NOT NULL,
  name text DEFAULT ''::text NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  CONSTRAINT resources_pkey PRIMARY KEY (calendar_id, number),
  CONSTRAINT resources_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES calendars(id),
  CONSTRAINT resources_name_check CHECK ((length(name) <= 100)),
  CONSTRAINT resources_number_check CHECK ((number >= 0))
);

CREATE TABLE review_settings (
  client_id uuid NOT NULL,
  is_enabled boolean DEFAULT true NOT NULL,
  fields jsonb DEFAULT '[]'::jsonb NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT review_settings_pkey PRIMARY KEY (client_id),
  CONSTRAINT review_settings_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT review_settings_fields_check CHECK ((jsonb_typeof(fields) = 'array'::text))
);

CREATE TABLE reviews (
  conversation_id uuid NOT NULL,
  client_id uuid NOT NULL,
  state text DEFAULT 'due'::text NOT NULL,
  attempts integer DEFAULT 0 NOT NULL,
  due_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  summary text DEFAULT ''::text NOT NULL,
  resolved text,
  fields jsonb DEFAULT '{}'::jsonb NOT NULL,
  follow_up boolean DEFAULT false NOT NULL,
  follow_up_reason text DEFAULT ''::text NOT NULL,
  input_tokens integer DEFAULT 0 NOT NULL,
  output_tokens integer DEFAULT 0 NOT NULL,
  cost_microdollars bigint DEFAULT 0 NOT NULL,
  finished_at timestamp with time zone,
  CONSTRAINT reviews_pkey PRIMARY KEY (conversation_id),
  CONSTRAINT reviews_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT reviews_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  CONSTRAINT reviews_follow_up_reason_check CHECK ((length(follow_up_reason) <= 500)),
  CONSTRAINT reviews_resolved_check CHECK ((resolved = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text]))),
  CONSTRAINT reviews_state_check CHECK ((state = ANY (ARRAY['due'::text, 'done'::text, 'skipped'::text, 'failed'::text]))),
  CONSTRAINT reviews_summary_check CHECK ((length(summary) <= 2000))
);

CREATE TABLE session_grants (
  conversation_id uuid NOT NULL,
  subject text NOT NULL,
  day date NOT NULL,
  granted_seconds bigint NOT NULL,
  used_seconds bigint DEFAULT 0 NOT NULL,
  beat_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT session_grants_pkey PRIMARY KEY (conversation_id),
  CONSTRAINT session_grants_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  CONSTRAINT session_grants_check CHECK (((used_seconds >= 0) AND (used_seconds <= granted_seconds))),
  CONSTRAINT session_grants_granted_seconds_check CHECK ((granted_seconds >= 0)),
  CONSTRAINT session_grants_subject_check CHECK ((length(subject) <= 200))
);

CREATE TABLE sessions (
  token_hash bytea NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  last_seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT sessions_pkey PRIMARY KEY (token_hash),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE settings (
  scope text NOT NULL,
  key text NOT NULL,
  value jsonb NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT settings_pkey PRIMARY KEY (scope, key),
  CONSTRAINT settings_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100))),
  CONSTRAINT settings_scope_check CHECK ((scope = ANY (ARRAY['system'::text, 'bot'::text])))
);

CREATE TABLE settings_history (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  scope text NOT NULL,
  key text NOT NULL,
  before jsonb,
  after jsonb,
  changed_by uuid,
  changed_by_name text NOT NULL,
  changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT settings_history_pkey PRIMARY KEY (id),
  CONSTRAINT settings_history_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES users(id) ON DELETE SET NULL
);

CREATE TABLE sms_opt_outs (
  sender text NOT NULL,
  recipient text NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT sms_opt_outs_pkey PRIMARY KEY (sender, recipient),
  CONSTRAINT sms_opt_outs_recipient_check CHECK ((recipient ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT sms_opt_outs_sender_check CHECK ((sender ~ '^\+[1-9][0-9]{6,14}$'::text))
);

CREATE TABLE special_days (
  client_id uuid NOT NULL,
  day date NOT NULL,
  name text DEFAULT ''::text NOT NULL,
  CONSTRAINT special_days_pkey PRIMARY KEY (client_id, day),
  CONSTRAINT special_days_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT special_days_name_check CHECK ((length(name) <= 100))
);

CREATE TABLE special_hours (
  client_id uuid NOT NULL,
  day date NOT NULL,
  opens time without time zone NOT NULL,
  closes time without time zone NOT NULL,
  CONSTRAINT special_hours_pkey PRIMARY KEY (client_id, day, opens),
  CONSTRAINT special_hours_client_id_day_fkey FOREIGN KEY (client_id, day) REFERENCES special_days(client_id, day) ON DELETE CASCADE,
  CONSTRAINT special_hours_check CHECK ((opens < closes))
);

CREATE TABLE stream_tokens (
  token_hash bytea NOT NULL,
  client_id uuid NOT NULL,
  call_sid text NOT NULL,
  caller_phone text,
  expires_at timestamp with time zone NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT stream_tokens_pkey PRIMARY KEY (token_hash),
  CONSTRAINT stream_tokens_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id)
);

CREATE TABLE stripe_events (
  id text NOT NULL,
  type text NOT NULL,
  created bigint NOT NULL,
  outcome text NOT NULL,
  detail jsonb DEFAULT '{}'::jsonb NOT NULL,
  received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT stripe_events_pkey PRIMARY KEY (id),
  CONSTRAINT stripe_events_id_check CHECK (((length(id) >= 1) AND (length(id) <= 200))),
  CONSTRAINT stripe_events_outcome_check CHECK ((outcome = ANY (ARRAY['applied'::text, 'ignored'::text, 'mismatch'::text, 'unknown'::text]))),
  CONSTRAINT stripe_events_type_check CHECK ((length(type) <= 200))
);

CREATE TABLE subscriptions (
  id text NOT NULL,
  client_id uuid NOT NULL,
  order_id uuid NOT NULL,
  status text NOT NULL,
  cancel_at_period_end boolean DEFAULT false NOT NULL,
  current_period_end timestamp with time zone,
  as_of bigint NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  surplus_at timestamp with time zone,
  surplus_try_at timestamp with time zone,
  asked_at timestamp with time zone,
  CONSTRAINT subscriptions_pkey PRIMARY KEY (id),
  CONSTRAINT subscriptions_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT subscriptions_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id),
  CONSTRAINT subscriptions_check CHECK (((surplus_try_at IS NULL) OR (surplus_at IS NOT NULL))),
  CONSTRAINT subscriptions_id_check CHECK (((length(id) >= 1) AND (length(id) <= 200))),
  CONSTRAINT subscriptions_status_check CHECK ((length(status) <= 100))
);

CREATE TABLE tickets (
  token_hash bytea NOT NULL,
  purpose text NOT NULL,
  subject text NOT NULL,
  user_id uuid,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT tickets_pkey PRIMARY KEY (token_hash),
  CONSTRAINT tickets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT tickets_purpose_check CHECK (((length(purpose) >= 1) AND (length(purpose) <= 40))),
  CONSTRAINT tickets_subject_check CHECK ((length(subject) <= 200))
);

CREATE TABLE token_families (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  CONSTRAINT token_families_pkey PRIMARY KEY (id),
  CONSTRAINT token_families_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE transfer_targets (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  name text NOT NULL,
  phone_number text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT transfer_targets_pkey PRIMARY KEY (id),
  CONSTRAINT transfer_targets_client_id_phone_number_key UNIQUE (client_id, phone_number),
  CONSTRAINT transfer_targets_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT transfer_targets_description_check CHECK ((length(description) <= 500)),
  CONSTRAINT transfer_targets_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  CONSTRAINT transfer_targets_phone_number_check CHECK ((phone_number ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT transfer_targets_position_check CHECK ((("position" >= 0) AND ("position" <= 1000)))
);

CREATE TABLE transfers (
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  conversation_id uuid,
  call_sid text NOT NULL,
  caller_phone text,
  target_id uuid,
  target_name text NOT NULL,
  phone_number text NOT NULL,
  mode text NOT NULL,
  reason text DEFAULT ''::text NOT NULL,
  state text DEFAULT 'dialling'::text NOT NULL,
  over_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  is_fallback boolean DEFAULT false NOT NULL,
  CONSTRAINT transfers_pkey PRIMARY KEY (id),
  CONSTRAINT transfers_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT transfers_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE SET NULL,
  CONSTRAINT transfers_target_id_fkey FOREIGN KEY (target_id) REFERENCES transfer_targets(id) ON DELETE SET NULL,
  CONSTRAINT transfers_caller_phone_check CHECK ((caller_phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT transfers_mode_check CHECK ((mode = ANY (ARRAY['warm'::text, 'cold'::text]))),
  CONSTRAINT transfers_phone_number_check CHECK ((phone_number ~ '^\+[1-9][0-9]{6,14}$'::text)),
  CONSTRAINT transfers_reason_check CHECK ((length(reason) <= 300)),
  CONSTRAINT transfers_state_check CHECK ((state = ANY (ARRAY['dialling'::text, 'accepted'::text, 'declined'::text, 'unanswered'::text, 'failed'::text, 'abandoned'::text, 'untold'::text]))),
  CONSTRAINT transfers_target_name_check CHECK ((length(target_name) <= 200))
);

CREATE TABLE turns (
  conversation_id uuid NOT NULL,
  number integer NOT NULL,
  kind text NOT NULL,
  ending text NOT NULL,
  response_ms real,
  endpoint_ms real,
  hear_ms real,
  think_ms real,
  speak_ms real,
  play_ms real,
  input_tokens integer DEFAULT 0 NOT NULL,
  output_tokens integer DEFAULT 0 NOT NULL,
  characters integer DEFAULT 0 NOT NULL,
  cost_microdollars bigint DEFAULT 0 NOT NULL,
  tools jsonb DEFAULT '[]'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  wasted_input_tokens integer DEFAULT 0 NOT NULL,
  wasted_output_tokens integer DEFAULT 0 NOT NULL,
  unheard text,
  CONSTRAINT turns_pkey PRIMARY KEY (conversation_id, number),
  CONSTRAINT turns_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  CONSTRAINT turns_ending_check CHECK ((ending = ANY (ARRAY['completed'::text, 'interrupted'::text, 'failed'::text]))),
  CONSTRAINT turns_kind_check CHECK ((kind = ANY (ARRAY['greeting'::text, 'reply'::text, 'prompt'::text, 'apology'::text, 'notice'::text]))),
  CONSTRAINT turns_number_check CHECK ((number >= 0)),
  CONSTRAINT turns_unheard_check CHECK ((length(unheard) <= 2000)),
  CONSTRAINT turns_wasted_input_tokens_check CHECK ((wasted_input_tokens >= 0)),
  CONSTRAINT turns_wasted_output_tokens_check CHECK ((wasted_output_tokens >= 0))
);

CREATE TABLE turns_under_way (
  conversation_id uuid NOT NULL,
  number integer NOT NULL,
  kind text NOT NULL,
  caller text NOT NULL,
  heard text NOT NULL,
  tools jsonb DEFAULT '[]'::jsonb NOT NULL,
  caller_at timestamp with time zone NOT NULL,
  heard_at timestamp with time zone NOT NULL,
  paid_turn uuid,
  paid_seconds integer,
  paid_by text,
  CONSTRAINT turns_under_way_pkey PRIMARY KEY (conversation_id, number),
  CONSTRAINT turns_under_way_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  CONSTRAINT turns_under_way_check CHECK (((paid_turn IS NULL) = (paid_seconds IS NULL))),
  CONSTRAINT turns_under_way_kind_check CHECK ((kind = ANY (ARRAY['greeting'::text, 'reply'::text, 'prompt'::text, 'apology'::text, 'notice'::text]))),
  CONSTRAINT turns_under_way_number_check CHECK ((number >= 0)),
  CONSTRAINT turns_under_way_paid_by_check CHECK ((length(paid_by) <= 200)),
  CONSTRAINT turns_under_way_paid_seconds_check CHECK ((paid_seconds >= 0))
);

CREATE TABLE users (
  id uuid NOT NULL,
  email text,
  username text NOT NULL,
  name text DEFAULT ''::text NOT NULL,
  password_hash text,
  role text DEFAULT 'user'::text NOT NULL,
  type text DEFAULT 'owner'::text NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  google_subject text,
  blocked_at timestamp with time zone,
  preferred_voice text DEFAULT 'alloy'::text NOT NULL,
  preferred_language text DEFAULT 'en'::text NOT NULL,
  favorite_topics text[] DEFAULT '{}'::text[] NOT NULL,
  system_prompt_override text DEFAULT ''::text NOT NULL,
  deleted_at timestamp with time zone,
  erased_at timestamp with time zone,
  erase_try_at timestamp with time zone,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_google_subject_key UNIQUE (google_subject),
  CONSTRAINT users_username_key UNIQUE (username),
  CONSTRAINT users_email_check CHECK ((length(email) <= 320)),
  CONSTRAINT users_favorite_topics_check CHECK ((cardinality(favorite_topics) <= 50)),
  CONSTRAINT users_name_check CHECK ((length(name) <= 200)),
  CONSTRAINT users_preferred_language_check CHECK ((length(preferred_language) <= 35)),
  CONSTRAINT users_preferred_voice_check CHECK ((length(preferred_voice) <= 200)),
  CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['user'::text, 'moderator'::text, 'admin'::text]))),
  CONSTRAINT users_system_prompt_override_check CHECK ((length(system_prompt_override) <= 20000)),
  CONSTRAINT users_type_check CHECK ((type = ANY (ARRAY['owner'::text, 'patient'::text]))),
  CONSTRAINT users_username_check CHECK (((length(username) >= 1) AND (length(username) <= 320)))
);

CREATE TABLE utterances (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  conversation_id uuid NOT NULL,
  turn_number integer NOT NULL,
  role text NOT NULL,
  content text NOT NULL,
  interrupted boolean DEFAULT false NOT NULL,
  at timestamp with time zone NOT NULL,
  CONSTRAINT utterances_pkey PRIMARY KEY (id),
  CONSTRAINT utterances_conversation_id_turn_number_role_key UNIQUE (conversation_id, turn_number, role),
  CONSTRAINT utterances_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversations(id) ON DELETE CASCADE,
  CONSTRAINT utterances_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text])))
);

CREATE TABLE watched_calendars (
  client_id uuid NOT NULL,
  google_id text NOT NULL,
  resource integer,
  CONSTRAINT watched_calendars_pkey PRIMARY KEY (client_id, google_id),
  CONSTRAINT watched_calendars_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT watched_calendars_google_id_check CHECK (((length(google_id) >= 1) AND (length(google_id) <= 1024))),
  CONSTRAINT watched_calendars_resource_check CHECK ((resource >= 0))
);

CREATE TABLE webhook_endpoints (
  client_id uuid NOT NULL,
  url text NOT NULL,
  secret_sealed text NOT NULL,
  previous_sealed text,
  previous_until timestamp with time zone,
  is_active boolean DEFAULT true NOT NULL,
  created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
  CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (client_id),
  CONSTRAINT webhook_endpoints_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients(id),
  CONSTRAINT webhook_endpoints_url_check CHECK (((length(url) >= 1) AND (length(url) <= 2048)))
);

-- Indexes

CREATE INDEX billing_accounts_automatic ON public.billing_accounts USING btree (client_id) WHERE auto_enabled;

CREATE INDEX billing_accounts_to_delete ON public.billing_accounts USING btree (customer_try_at) WHERE ((stripe_customer IS NOT NULL) AND (customer_deleted_at IS NULL));

CREATE INDEX booking_changes_booking ON public.booking_changes USING btree (booking_id);

CREATE INDEX bookings_client ON public.bookings USING btree (client_id, lower(shown));

CREATE INDEX bookings_contact ON public.bookings USING btree (contact_id) WHERE (contact_id IS NOT NULL);

CREATE INDEX bookings_conversation ON public.bookings USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);

CREATE UNIQUE INDEX bookings_idem_key ON public.bookings USING btree (idem_key) WHERE (status = ANY (ARRAY['held'::text, 'confirmed'::text]));

CREATE INDEX bookings_to_remind ON public.bookings USING btree (lower(shown)) WHERE ((status = 'confirmed'::text) AND (reminded_at IS NULL));

CREATE INDEX bookings_unfinished ON public.bookings USING btree (hold_until) WHERE ((status = 'held'::text) OR (event_due IS NOT NULL));

CREATE UNIQUE INDEX bot_commands_name ON public.bot_commands USING btree (name);

CREATE INDEX calendar_links_calendar ON public.calendar_links USING btree (calendar_id);

CREATE INDEX calendar_links_due ON public.calendar_links USING btree (sync_due_at);

CREATE INDEX calendar_oauth_states_expiry ON public.calendar_oauth_states USING btree (expires_at);

CREATE INDEX call_leases_call ON public.call_leases USING btree (call_sid);

CREATE INDEX call_leases_expiry ON public.call_leases USING btree (expires_at) WHERE (state = 'active'::text);

CREATE INDEX call_leases_live ON public.call_leases USING btree (client_id) WHERE (state = 'active'::text);

CREATE UNIQUE INDEX call_leases_one_per_call ON public.call_leases USING btree (call_sid) WHERE (state = 'active'::text);

CREATE INDEX clients_owner ON public.clients USING btree (owner_id, created_at);

CREATE UNIQUE INDEX clients_phone_number ON public.clients USING btree (phone_number) WHERE (deleted_at IS NULL);

CREATE INDEX clients_to_erase ON public.clients USING btree (erase_try_at) WHERE ((deleted_at IS NOT NULL) AND (erased_at IS NULL));

CREATE INDEX clips_due_try_at ON public.clips_due USING btree (try_at);

CREATE INDEX clips_used_at ON public.clips USING btree (used_at);

CREATE INDEX contacts_client ON public.contacts USING btree (client_id, created_at DESC, id DESC);

CREATE INDEX conversation_costs_client ON public.conversation_costs USING btree (client_id, first_at);

CREATE INDEX conversations_caller ON public.conversations USING btree (client_id, caller_phone, created_at DESC) WHERE (caller_phone IS NOT NULL);

CREATE INDEX conversations_client ON public.conversations USING btree (client_id, created_at DESC, id DESC);

CREATE INDEX conversations_contact ON public.conversations USING btree (contact_id, created_at DESC, id DESC);

CREATE INDEX conversations_created ON public.conversations USING btree (created_at DESC, id DESC);

CREATE INDEX conversations_live ON public.conversations USING btree (client_id) WHERE (ended_at IS NULL);

CREATE INDEX conversations_open_chats ON public.conversations USING btree (busy_until) WHERE ((channel = 'chat'::text) AND (ended_at IS NULL));

CREATE INDEX conversations_outcome ON public.conversations USING btree (client_id, outcome, created_at DESC, id DESC);

CREATE INDEX conversations_pairs ON public.conversations USING gin (client_id, word_pairs(search)) WHERE (search IS NOT NULL);

CREATE INDEX conversations_problems ON public.conversations USING btree (created_at DESC, id DESC) WHERE ((outcome = 'failed'::text) OR (flags <> '{}'::text[]));

CREATE INDEX conversations_search ON public.conversations USING gin (client_id, search);

CREATE INDEX conversations_user ON public.conversations USING btree (user_id, started_at DESC, id DESC) WHERE (user_id IS NOT NULL);

CREATE INDEX daily_usage_day ON public.daily_usage USING btree (day);

CREATE INDEX google_busy_during ON public.google_busy USING gist (client_id, during);

CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);

CREATE INDEX knowledge_client ON public.knowledge USING btree (client_id, "position", id);

CREATE INDEX knowledge_passages_words ON public.knowledge_passages USING gin (client_id, words);

CREATE INDEX ledger_client ON public.ledger USING btree (client_id, id DESC);

CREATE INDEX ledger_used ON public.ledger USING btree (client_id, created_at) INCLUDE (delta_seconds) WHERE (kind = ANY (ARRAY['call'::text, 'chat'::text]));

CREATE INDEX message_audio_due ON public.message_audio USING btree (hear_at) WHERE (hear_at IS NOT NULL);

CREATE INDEX messages_client ON public.messages USING btree (client_id, created_at DESC);

CREATE INDEX messages_conversation ON public.messages USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);

CREATE INDEX messages_unread ON public.messages USING btree (client_id) WHERE (read_at IS NULL);

CREATE INDEX notices_client ON public.notices USING btree (client_id, created_at DESC, id DESC);

CREATE INDEX notices_created ON public.notices USING btree (created_at);

CREATE INDEX notices_unread ON public.notices USING btree (client_id, created_at DESC) WHERE (read_at IS NULL);

CREATE INDEX oauth_states_expiry ON public.oauth_states USING btree (expires_at);

CREATE INDEX orders_client ON public.orders USING btree (client_id, created_at DESC, id DESC);

CREATE UNIQUE INDEX orders_one_automatic ON public.orders USING btree (client_id) WHERE ((kind = 'auto_top_up'::text) AND (state = ANY (ARRAY['open'::text, 'processing'::text])));

CREATE INDEX orders_subscription ON public.orders USING btree (subscription_id) WHERE (subscription_id IS NOT NULL);

CREATE INDEX orders_waiting ON public.orders USING btree (created_at) WHERE (state = ANY (ARRAY['open'::text, 'processing'::text]));

CREATE INDEX outbound_calls_client ON public.outbound_calls USING btree (client_id, created_at DESC, id DESC);

CREATE INDEX outbound_calls_number ON public.outbound_calls USING btree (client_id, phone_number, created_at DESC);

CREATE UNIQUE INDEX outbox_carrier_sid ON public.outbox USING btree (carrier_sid) WHERE (carrier_sid IS NOT NULL);

CREATE INDEX outbox_client ON public.outbox USING btree (client_id, created_at DESC, id DESC);

CREATE INDEX outbox_due ON public.outbox USING btree (not_before) WHERE (state = 'waiting'::text);

CREATE INDEX outbox_settled ON public.outbox USING btree (settled_at) WHERE (state <> 'waiting'::text);

CREATE INDEX payment_disputes_payment ON public.payment_disputes USING btree (payment_intent);

CREATE INDEX payment_refunds_payment ON public.payment_refunds USING btree (payment_intent);

CREATE INDEX payments_client ON public.payments USING btree (client_id, paid_at DESC) WHERE (client_id IS NOT NULL);

CREATE INDEX payments_order ON public.payments USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX rate_windows_end ON public.rate_windows USING btree (ends_at);

CREATE INDEX recordings_conversation ON public.recordings USING btree (conversation_id, started_at);

CREATE INDEX recordings_kept ON public.recordings USING btree (keep_until);

CREATE INDEX recordings_lost ON public.recordings USING btree (id) WHERE (conversation_id IS NULL);

CREATE INDEX recordings_unfinished ON public.recordings USING btree (started_at) WHERE ((ended_at IS NULL) OR (place = 'disk'::text));

CREATE INDEX refresh_tokens_family ON public.refresh_tokens USING btree (family_id);

CREATE INDEX reviews_due ON public.reviews USING btree (due_at) WHERE (state = 'due'::text);

CREATE INDEX reviews_follow_up ON public.reviews USING btree (client_id) WHERE follow_up;

CREATE INDEX session_grants_beat ON public.session_grants USING btree (beat_at);

CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_user ON public.sessions USING btree (user_id);

CREATE INDEX settings_history_scope ON public.settings_history USING btree (scope, id DESC);

CREATE INDEX stream_tokens_caller ON public.stream_tokens USING btree (client_id, caller_phone, expires_at);

CREATE INDEX stream_tokens_expiry ON public.stream_tokens USING btree (expires_at);

CREATE INDEX stripe_events_done ON public.stripe_events USING btree (received_at) WHERE (outcome = ANY (ARRAY['applied'::text, 'ignored'::text]));

CREATE INDEX stripe_events_odd ON public.stripe_events USING btree (received_at) WHERE (outcome = ANY (ARRAY['mismatch'::text, 'unknown'::text]));

CREATE INDEX subscriptions_client ON public.subscriptions USING btree (client_id, created_at DESC);

CREATE INDEX subscriptions_surplus ON public.subscriptions USING btree (surplus_try_at) WHERE (surplus_try_at IS NOT NULL);

CREATE INDEX tickets_expiry ON public.tickets USING btree (expires_at);

CREATE INDEX tickets_user ON public.tickets USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX token_families_expiry ON public.token_families USING btree (expires_at);

CREATE INDEX token_families_user ON public.token_families USING btree (user_id);

CREATE INDEX transfer_targets_client ON public.transfer_targets USING btree (client_id, "position", id);

CREATE INDEX transfers_call ON public.transfers USING btree (call_sid, created_at DESC);

CREATE INDEX transfers_caller ON public.transfers USING btree (client_id, caller_phone, created_at DESC);

CREATE INDEX transfers_conversation ON public.transfers USING btree (conversation_id) WHERE (conversation_id IS NOT NULL);

CREATE INDEX transfers_dialling ON public.transfers USING btree (created_at) WHERE ((state = 'dialling'::text) AND (over_at IS NULL));

CREATE UNIQUE INDEX transfers_fallback ON public.transfers USING btree (call_sid) WHERE is_fallback;

CREATE INDEX transfers_left ON public.transfers USING btree (created_at) WHERE (conversation_id IS NULL);

CREATE INDEX users_created ON public.users USING btree (created_at DESC, id DESC);

CREATE UNIQUE INDEX users_email_lower ON public.users USING btree (lower(email));

CREATE INDEX users_to_erase ON public.users USING btree (erase_try_at) WHERE ((deleted_at IS NOT NULL) AND (erased_at IS NULL));

CREATE UNIQUE INDEX users_username_lower ON public.users USING btree (lower(username));

-- Views

CREATE VIEW meter_audit AS
 SELECT id,
    (balance_seconds - debt_seconds) AS net,
    (COALESCE(( SELECT sum(l.delta_seconds) AS sum
           FROM ledger l
          WHERE (l.client_id = c.id)), (0)::numeric))::bigint AS ledger_sum,
    reserved_seconds AS reserved,
    (COALESCE(( SELECT sum(q.granted_seconds) AS sum
           FROM call_leases q
          WHERE ((q.client_id = c.id) AND (q.state = 'active'::text))), (0)::numeric))::bigint AS lease_sum
   FROM clients c;

-- Functions

CREATE OR REPLACE FUNCTION public.book_hold(p_id uuid, p_client uuid, p_calendar uuid, p_resource integer, p_shown tstzrange, p_during tstzrange, p_key text, p_hold interval, p_name text, p_phone text, p_reason text, p_conversation uuid, p_contact uuid, OUT status text, OUT booking uuid)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
DECLARE
  b bookings;
  k uuid := p_contact;
BEGIN
  PERFORM 1 FROM calendars WHERE id = p_calendar FOR NO KEY UPDATE;
  SELECT * INTO b FROM bookings x WHERE x.idem_key = p_key AND x.status IN ('held', 'confirmed');
  IF p_phone IS NOT NULL AND k IS NULL THEN
    SELECT c.id INTO k FROM contacts c WHERE c.client_id = p_client AND c.phone_number = p_phone;
    IF NOT FOUND THEN
      INSERT INTO contacts (id, client_id, phone_number, name)
        VALUES (gen_random_uuid(), p_client, p_phone, p_name)
        ON CONFLICT (client_id, phone_number) DO UPDATE SET updated_at = contacts.updated_at
        RETURNING id INTO k;
    END IF;
  END IF;
  IF b.id IS NOT NULL THEN
    UPDATE bookings x SET name = p_name, phone = coalesce(p_phone, x.phone),
        reason = CASE WHEN p_reason = '' THEN x.reason ELSE p_reason END,
        contact_id = coalesce(k, x.contact_id),
        hold_until = CASE WHEN x.status = 'held' THEN clock_timestamp() + p_hold ELSE x.hold_until END,
        updated_at = clock_timestamp()
      WHERE x.id = b.id;
    status := 'same'; booking := b.id; RETURN;
  END IF;
  PERFORM expire_holds(p_calendar, p_during);
  BEGIN
    INSERT INTO bookings (id, client_id, calendar_id, resource, shown, during, status, idem_key, hold_until,
        name, phone, reason, conversation_id, contact_id)
      VALUES (p_id, p_client, p_calendar, p_resource, p_shown, p_during, 'held', p_key, clock_timestamp() + p_hold,
        p_name, p_phone, p_reason, p_conversation, k);
  EXCEPTION WHEN exclusion_violation THEN
    status := 'taken'; RETURN;
  END;
  status := 'held'; booking := p_id;
END $function$;

CREATE OR REPLACE FUNCTION public.book_move(p_id uuid, p_client uuid, p_calendar uuid, p_resource integer, p_shown tstzrange, p_during tstzrange, p_key text, OUT status text)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
BEGIN
  PERFORM 1 FROM calendars WHERE id = p_calendar FOR NO KEY UPDATE;
  PERFORM expire_holds(p_calendar, p_during);
  BEGIN
    UPDATE bookings x SET resource = p_resource, shown = p_shown, during = p_during, idem_key = p_key,
        reminded_at = CASE WHEN x.shown = p_shown THEN x.reminded_at END, updated_at = clock_timestamp()
      WHERE x.id = p_id AND x.client_id = p_client AND x.calendar_id = p_calendar
        AND (x.status = 'confirmed' OR x.status = 'held' AND x.promised_at IS NOT NULL AND x.submitted_at IS NULL);
    status := CASE WHEN FOUND THEN 'moved' ELSE 'gone' END;
  EXCEPTION WHEN exclusion_violation OR unique_violation THEN
    status := 'taken';
  END;
END $function$;

CREATE OR REPLACE FUNCTION public.bookings_note_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE
  was text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END;
BEGIN
  IF NEW.status = 'confirmed' AND was IS DISTINCT FROM 'confirmed' THEN
    INSERT INTO booking_changes (booking_id, kind) VALUES (NEW.id, 'booked');
  ELSIF NEW.status = 'confirmed' AND NEW.shown <> OLD.shown THEN
    INSERT INTO booking_changes (booking_id, kind) VALUES (NEW.id, 'rescheduled');
  ELSIF NEW.status = 'cancelled' AND was = 'confirmed' THEN
    INSERT INTO booking_changes (booking_id, kind) VALUES (NEW.id, 'cancelled');
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.calendar_adopt(p_client uuid, p_from uuid, p_to uuid, OUT moved integer, OUT left_over integer)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
DECLARE
  b uuid;
  outside boolean;
BEGIN
  moved := 0; left_over := 0;
  IF p_from = p_to THEN RETURN; END IF;
  -- One at a time, in the order of their ids: two that swap calendars would wait for each other.
  PERFORM 1 FROM calendars WHERE id IN (p_from, p_to) ORDER BY id FOR NO KEY UPDATE;
  SELECT google_id IS NOT NULL INTO outside FROM calendars WHERE id = p_to;
  INSERT INTO resources (calendar_id, number, name, is_active)
    SELECT p_to, number, name, is_active FROM resources WHERE calendar_id = p_from ON CONFLICT DO NOTHING;
  FOR b IN SELECT id FROM bookings WHERE client_id = p_client AND calendar_id = p_from
      AND status IN ('held', 'confirmed') AND upper(during) > clock_timestamp() LOOP
    BEGIN
      UPDATE bookings SET calendar_id = p_to, event_etag = NULL, retry_at = NULL,
          event_due = CASE WHEN outside AND status = 'confirmed' THEN 'insert' END
        WHERE id = b;
      moved := moved + 1;
    EXCEPTION WHEN exclusion_violation THEN
      left_over := left_over + 1;
    END;
  END LOOP;
END $function$;

CREATE OR REPLACE FUNCTION public.call_lease_kept()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'leases are kept, and settled ones do not change' USING ERRCODE = '55000';
END $function$;

CREATE OR REPLACE FUNCTION public.caller_obstacle(p_client uuid, p_call text, p_phone text, p_valid interval)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
DECLARE
  v_now timestamptz := clock_timestamp();
  v_limits caller_limits;
  v_used bigint;
BEGIN
  SELECT * INTO v_limits FROM caller_limits WHERE client_id = p_client;
  IF NOT FOUND THEN
    v_limits.concurrent_max := 3;
    v_limits.calls_max := 10;
    v_limits.caller_seconds_max := 7200;
    v_limits.block_withheld := false;
  END IF;
  IF p_phone IS NULL AND v_limits.block_withheld THEN RETURN 'blocked'; END IF;
  IF EXISTS (SELECT 1 FROM blocked_callers b WHERE b.client_id = p_client
      AND (b.phone_number = p_phone
        OR (right(b.phone_number, 1) = '*' AND starts_with(p_phone, rtrim(b.phone_number, '*'))))) THEN
    RETURN 'blocked';
  END IF;
  IF v_limits.client_seconds_max IS NOT NULL THEN
    SELECT coalesce(sum(duration_ms), 0) / 1000 INTO v_used FROM conversations
    WHERE client_id = p_client AND created_at > v_now - interval '24 hours';
    IF v_used >= v_limits.client_seconds_max THEN RETURN 'client-daily'; END IF;
  END IF;
  IF p_phone IS NULL THEN RETURN NULL; END IF;

  PERFORM pg_advisory_xact_lock(7462005, hashtext(p_client::text || p_phone));
  -- Calls that run, and those that were let in and have not come yet.
  SELECT count(*) INTO v_used FROM (
    SELECT call_sid FROM conversations
    WHERE client_id = p_client AND caller_phone = p_phone AND ended_at IS NULL AND channel = 'phone'
      AND created_at > v_now - interval '24 hours'
    UNION
    SELECT call_sid FROM stream_tokens
    WHERE client_id = p_client AND caller_phone = p_phone AND used_at IS NULL AND expires_at > v_now
  ) at_once WHERE call_sid <> p_call;
  IF v_used >= v_limits.concurrent_max THEN RETURN 'caller-at-once'; END IF;
  SELECT count(DISTINCT call_sid) INTO v_used FROM stream_tokens
  WHERE client_id = p_client AND caller_phone = p_phone AND call_sid <> p_call
    AND expires_at > v_now + p_valid - interval '10 minutes';
  IF v_used >= v_limits.calls_max THEN RETURN 'caller-often'; END IF;
  IF v_limits.caller_seconds_max IS NOT NULL THEN
    SELECT coalesce(sum(duration_ms), 0) / 1000 INTO v_used FROM conversations
    WHERE client_id = p_client AND caller_phone = p_phone AND created_at > v_now - interval '24 hours';
    IF v_used >= v_limits.caller_seconds_max THEN RETURN 'caller-daily'; END IF;
  END IF;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.clients_index_knowledge()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  UPDATE knowledge_passages SET number = number WHERE client_id = NEW.id;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.conversation_figures(p_id uuid, OUT reply_ms real[], OUT cost bigint)
 RETURNS record
 LANGUAGE sql
 STABLE
AS $function$
  SELECT coalesce(array_agg(t.response_ms) FILTER (WHERE t.kind = 'reply' AND t.response_ms IS NOT NULL), '{}'),
    (coalesce(sum(t.cost_microdollars), 0)
      + coalesce((SELECT r.cost_microdollars FROM reviews r WHERE r.conversation_id = p_id), 0))::bigint
  FROM turns t WHERE t.conversation_id = p_id;
$function$;

CREATE OR REPLACE FUNCTION public.conversation_words(p_id uuid)
 RETURNS tsvector
 LANGUAGE sql
 STABLE
AS $function$
  SELECT to_tsvector('simple', left(coalesce(string_agg(u.content, ' ' ORDER BY u.id), ''), 200000)
    || coalesce((SELECT ' ' || r.summary FROM reviews r WHERE r.conversation_id = p_id), ''))
  FROM utterances u WHERE u.conversation_id = p_id;
$function$;

CREATE OR REPLACE FUNCTION public.conversations_index_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.search := conversation_words(NEW.id);
  SELECT f.reply_ms, f.cost INTO NEW.reply_ms, NEW.cost_microdollars FROM conversation_figures(NEW.id) f;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.conversations_review()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO reviews (conversation_id, client_id) VALUES (NEW.id, NEW.client_id)
  ON CONFLICT (conversation_id) DO UPDATE SET state = 'due', due_at = clock_timestamp(), attempts = 0;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.expire_holds(p_calendar uuid, p_during tstzrange)
 RETURNS void
 LANGUAGE sql
AS $function$
  UPDATE bookings SET status = 'expired', updated_at = clock_timestamp()
  WHERE calendar_id = p_calendar AND status = 'held' AND submitted_at IS NULL AND promised_at IS NULL
    AND hold_until < clock_timestamp() AND during && p_during;
$function$;

CREATE OR REPLACE FUNCTION public.grant_application()
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.knowledge_config(p_language text)
 RETURNS regconfig
 LANGUAGE sql
 IMMUTABLE
AS $function$
  SELECT CASE split_part(lower(p_language), '-', 1)
    WHEN 'en' THEN 'english' WHEN 'es' THEN 'spanish' WHEN 'fr' THEN 'french' WHEN 'de' THEN 'german'
    WHEN 'it' THEN 'italian' WHEN 'pt' THEN 'portuguese' WHEN 'nl' THEN 'dutch' WHEN 'sv' THEN 'swedish'
    WHEN 'da' THEN 'danish' WHEN 'nb' THEN 'norwegian' WHEN 'no' THEN 'norwegian' WHEN 'fi' THEN 'finnish'
    ELSE 'simple' END::regconfig;
$function$;

CREATE OR REPLACE FUNCTION public.knowledge_index_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.words := to_tsvector(
    (SELECT knowledge_config(language) FROM clients WHERE id = NEW.client_id), NEW.title || ' ' || NEW.text);
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.ledger_frozen()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = '55000';
END $function$;

CREATE OR REPLACE FUNCTION public.make_application_role()
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.meter_admit(p_id uuid, p_client uuid, p_call_sid text, p_stream_sid text, p_owner text, p_headroom bigint, p_min bigint, p_lease interval, OUT status text, OUT granted bigint, OUT free bigint, OUT epoch integer, OUT already_billed bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
DECLARE c clients; l call_leases; seg int := 1; live int;
BEGIN
  granted := 0;
  free := 0;
  already_billed := 0;
  SELECT * INTO c FROM clients WHERE id = p_client FOR NO KEY UPDATE;
  IF NOT FOUND THEN status := 'inactive'; RETURN; END IF;
  SELECT * INTO l FROM call_leases WHERE stream_sid = p_stream_sid ORDER BY segment DESC LIMIT 1;
  IF FOUND THEN
    IF l.client_id <> p_client OR l.call_sid <> p_call_sid THEN status := 'duplicate'; RETURN; END IF;
    SELECT COALESCE(sum(billed_seconds), 0) INTO already_billed FROM call_leases WHERE stream_sid = p_stream_sid;
    IF l.state = 'active' THEN
      IF l.id <> p_id THEN status := 'duplicate'; RETURN; END IF;
      status := 'ok';
      granted := l.granted_seconds;
      free := c.balance_seconds - c.reserved_seconds;
      epoch := l.epoch;
      RETURN;
    END IF;
    IF l.reason <> 'orphan' THEN status := 'ended'; RETURN; END IF;
    -- A newer stream of the call has taken over: the old one may not take it back.
    PERFORM 1 FROM call_leases o WHERE o.call_sid = p_call_sid AND o.stream_sid <> p_stream_sid
      AND (o.state = 'active' OR o.started_at > l.started_at);
    IF FOUND THEN status := 'ended'; RETURN; END IF;
    seg := l.segment + 1;
  ELSE
    IF NOT c.is_active OR c.deleted_at IS NOT NULL OR c.audit_failed_at IS NOT NULL THEN
      status := 'inactive';
      RETURN;
    END IF;
    -- An older stream of the same call is superseded, and paid for now.
    FOR l IN SELECT * FROM call_leases WHERE call_sid = p_call_sid AND client_id = p_client AND state = 'active'
      FOR NO KEY UPDATE
    LOOP
      PERFORM meter_close(l, 0, 'superseded');
    END LOOP;
    SELECT count(*) INTO live FROM call_leases WHERE client_id = p_client AND state = 'active';
    IF live >= c.concurrency_max THEN status := 'too_many'; RETURN; END IF;
    SELECT * INTO c FROM clients WHERE id = p_client;
  END IF;
  granted := LEAST(p_headroom, c.balance_seconds - c.reserved_seconds);
  -- What a running call has left is worth granting, however little.
  IF seg > 1 THEN p_min := 1; END IF;
  IF c.debt_seconds > 0 OR granted < p_min THEN
    status := 'no_credit';
    granted := 0;
    RETURN;
  END IF;
  INSERT INTO call_leases (id, client_id, call_sid, stream_sid, segment, owner, granted_seconds, expires_at)
  VALUES (p_id, p_client, p_call_sid, p_stream_sid, seg, p_owner, granted, clock_timestamp() + p_lease)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN status := 'duplicate'; granted := 0; RETURN; END IF;
  UPDATE clients SET reserved_seconds = reserved_seconds + granted WHERE id = p_client;
  status := 'ok';
  free := c.balance_seconds - c.reserved_seconds - granted;
  epoch := 1;
END $function$;

CREATE OR REPLACE FUNCTION public.meter_audit_mark()
 RETURNS SETOF meter_audit
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE a meter_audit;
BEGIN
  FOR a IN SELECT * FROM meter_audit v WHERE v.net <> v.ledger_sum OR v.reserved <> v.lease_sum LOOP
    UPDATE clients SET audit_failed_at = clock_timestamp() WHERE id = a.id AND audit_failed_at IS NULL;
    IF FOUND THEN RETURN NEXT a; END IF;
  END LOOP;
END $function$;

CREATE OR REPLACE FUNCTION public.meter_beat(p_id uuid, p_epoch integer, p_used bigint, p_headroom bigint, p_lease interval, OUT status text, OUT granted bigint, OUT free bigint, OUT used bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
DECLARE cid uuid; l call_leases; asked bigint;
BEGIN
  SELECT client_id INTO cid FROM call_leases WHERE id = p_id;
  IF NOT FOUND THEN status := 'unknown'; RETURN; END IF;
  PERFORM 1 FROM clients WHERE id = cid FOR NO KEY UPDATE;
  SELECT * INTO l FROM call_leases WHERE id = p_id FOR NO KEY UPDATE;
  IF l.state <> 'active' OR l.epoch <> p_epoch THEN
    status := 'lost';
    granted := l.granted_seconds;
    used := l.used_seconds;
    RETURN;
  END IF;
  asked := GREATEST(p_used, l.used_seconds + l.overrun_seconds);
  SELECT e.granted, e.free INTO granted, free FROM meter_extend(p_id, cid, asked + p_headroom) e;
  used := LEAST(asked, granted);
  UPDATE call_leases SET used_seconds = used, overrun_seconds = asked - used,
    beat_at = clock_timestamp(), expires_at = clock_timestamp() + p_lease
  WHERE id = p_id;
  status := 'ok';
END $function$;

CREATE OR REPLACE FUNCTION public.meter_charge_chat(p_client uuid, p_seconds bigint, p_key text, p_meta jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
DECLARE c clients;
BEGIN
  SELECT * INTO c FROM clients WHERE id = p_client FOR NO KEY UPDATE;
  IF NOT FOUND OR NOT c.is_active OR c.deleted_at IS NOT NULL OR c.audit_failed_at IS NOT NULL THEN
    RETURN 'inactive';
  END IF;
  PERFORM 1 FROM ledger WHERE idem_key = p_key;
  IF FOUND THEN RETURN 'duplicate'; END IF;
  IF c.debt_seconds > 0 OR c.balance_seconds - c.reserved_seconds < p_seconds THEN RETURN 'no_credit'; END IF;
  INSERT INTO ledger (client_id, kind, delta_seconds, idem_key, meta)
  VALUES (p_client, 'chat', -p_seconds, p_key, p_meta);
  UPDATE clients SET balance_seconds = balance_seconds - p_seconds WHERE id = p_client;
  RETURN 'ok';
END $function$;

CREATE OR REPLACE FUNCTION public.meter_close(l call_leases, p_used bigint, p_reason text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE asked bigint; quota bigint; bill bigint;
BEGIN
  asked := GREATEST(p_used, l.used_seconds + l.overrun_seconds);
  SELECT granted INTO quota FROM meter_extend(l.id, l.client_id, asked);
  bill := LEAST(asked, quota);
  IF bill > 0 THEN
    INSERT INTO ledger (client_id, kind, delta_seconds, idem_key, meta)
    VALUES (l.client_id, 'call', -bill, 'call:' || l.id,
      jsonb_build_object('call_sid', l.call_sid, 'stream_sid', l.stream_sid, 'segment', l.segment, 'reason', p_reason));
  END IF;
  -- What is given back pays a debt first; in one statement, so that the constraints hold at every moment.
  UPDATE clients SET
    reserved_seconds = reserved_seconds - quota,
    balance_seconds = balance_seconds - bill - LEAST(debt_seconds, quota - bill),
    debt_seconds = debt_seconds - LEAST(debt_seconds, quota - bill)
  WHERE id = l.client_id;
  UPDATE call_leases SET state = 'settled', used_seconds = bill, billed_seconds = bill, overrun_seconds = asked - bill,
    reason = p_reason, epoch = epoch + 1, settled_at = clock_timestamp()
  WHERE id = l.id;
  RETURN bill;
END $function$;

CREATE OR REPLACE FUNCTION public.meter_extend(p_lease uuid, p_client uuid, p_target bigint, OUT granted bigint, OUT free bigint)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
DECLARE more bigint;
BEGIN
  SELECT granted_seconds INTO granted FROM call_leases WHERE id = p_lease;
  SELECT balance_seconds - reserved_seconds INTO free FROM clients WHERE id = p_client;
  more := GREATEST(0, LEAST(p_target - granted, free));
  IF more > 0 THEN
    UPDATE clients SET reserved_seconds = reserved_seconds + more WHERE id = p_client;
    UPDATE call_leases SET granted_seconds = granted_seconds + more WHERE id = p_lease;
  END IF;
  granted := granted + more;
  free := free - more;
END $function$;

CREATE OR REPLACE FUNCTION public.meter_post(p_client uuid, p_kind text, p_delta bigint, p_key text, p_meta jsonb)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
DECLARE c clients; take bigint;
BEGIN
  IF p_kind = 'call' THEN
    RAISE EXCEPTION 'calls are posted by settling their lease' USING ERRCODE = '22023';
  END IF;
  SELECT * INTO c FROM clients WHERE id = p_client FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 'no_client'; END IF;
  INSERT INTO ledger (client_id, kind, delta_seconds, idem_key, meta)
  VALUES (p_client, p_kind, p_delta, p_key, p_meta)
  ON CONFLICT (idem_key) DO NOTHING;
  IF NOT FOUND THEN
    PERFORM 1 FROM ledger WHERE idem_key = p_key
      AND client_id = p_client AND kind = p_kind AND delta_seconds = p_delta;
    RETURN CASE WHEN FOUND THEN 'duplicate' ELSE 'conflict' END;
  END IF;
  IF p_delta > 0 THEN
    take := LEAST(c.debt_seconds, p_delta);
    UPDATE clients SET debt_seconds = debt_seconds - take, balance_seconds = balance_seconds + p_delta - take
    WHERE id = p_client;
  ELSE
    take := LEAST(-p_delta, c.balance_seconds - c.reserved_seconds);
    UPDATE clients SET balance_seconds = balance_seconds - take, debt_seconds = debt_seconds + (-p_delta - take)
    WHERE id = p_client;
  END IF;
  RETURN 'ok';
END $function$;

CREATE OR REPLACE FUNCTION public.meter_reap_one(p_id uuid, p_force boolean, p_silent interval DEFAULT NULL::interval, OUT status text, OUT billed bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
DECLARE cid uuid; l call_leases;
BEGIN
  status := 'skip';
  SELECT client_id INTO cid FROM call_leases WHERE id = p_id;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM 1 FROM clients WHERE id = cid FOR NO KEY UPDATE;
  SELECT * INTO l FROM call_leases WHERE id = p_id FOR NO KEY UPDATE;
  IF l.state <> 'active' THEN RETURN; END IF;
  IF p_force OR l.expires_at <= clock_timestamp() OR l.beat_at <= clock_timestamp() - p_silent THEN
    billed := meter_close(l, 0, 'orphan');
    status := 'ok';
  END IF;
END $function$;

CREATE OR REPLACE FUNCTION public.meter_settle(p_id uuid, p_epoch integer, p_used bigint, p_reason text, OUT status text, OUT billed bigint, OUT reason text)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
DECLARE cid uuid; l call_leases;
BEGIN
  SELECT client_id INTO cid FROM call_leases WHERE id = p_id;
  IF NOT FOUND THEN status := 'unknown'; RETURN; END IF;
  PERFORM 1 FROM clients WHERE id = cid FOR NO KEY UPDATE;
  SELECT * INTO l FROM call_leases WHERE id = p_id FOR NO KEY UPDATE;
  IF l.state = 'settled' THEN status := 'already'; billed := l.billed_seconds; reason := l.reason; RETURN; END IF;
  IF l.epoch <> p_epoch THEN status := 'lost'; RETURN; END IF;
  billed := meter_close(l, p_used, p_reason);
  reason := p_reason;
  status := 'ok';
END $function$;

CREATE OR REPLACE FUNCTION public.metering_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF current_setting('search_path') NOT LIKE '%frontdesk_metering%' THEN
    RAISE EXCEPTION 'only the metering functions may write here' USING ERRCODE = '42501', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.order_terms_kept()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'what was ordered does not change' USING ERRCODE = '55000';
END $function$;

CREATE OR REPLACE FUNCTION public.pay_apply(p_pi text, p_loss text)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE p payments; gone bigint; want bigint; change bigint;
BEGIN
  SELECT * INTO p FROM payments WHERE payment_intent = p_pi;
  IF p.seconds IS NULL THEN RETURN 0; END IF;
  SELECT COALESCE(sum(amount), 0) INTO gone FROM payment_refunds WHERE payment_intent = p_pi AND NOT failed;
  gone := gone + COALESCE((SELECT sum(amount) FROM payment_disputes
    WHERE payment_intent = p_pi AND withdrawals > reinstatements), 0);
  -- Rounded once, on the sum: in the client's favour, and all seconds for all the money.
  want := p.seconds - (LEAST(gone, p.amount) * p.seconds) / p.amount;
  change := want - p.applied_seconds;
  IF change = 0 THEN RETURN 0; END IF;
  PERFORM meter_post(p.client_id,
    CASE WHEN change < 0 THEN p_loss WHEN p.version = 0 THEN 'topup' ELSE 'reinstate' END,
    change, 'stripe:' || p_pi || ':' || (p.version + 1),
    jsonb_build_object('payment', p_pi, 'order_id', p.order_id));
  UPDATE payments SET applied_seconds = want, version = version + 1 WHERE payment_intent = p_pi;
  RETURN change;
END $function$;

CREATE OR REPLACE FUNCTION public.pay_dispute(p_dispute text, p_pi text, p_amount bigint, p_withdrawals integer, p_reinstatements integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
BEGIN
  PERFORM pay_lock(p_pi);
  INSERT INTO payment_disputes AS d (id, payment_intent, amount, withdrawals, reinstatements)
  VALUES (p_dispute, p_pi, p_amount, p_withdrawals, p_reinstatements)
  ON CONFLICT (id) DO UPDATE SET amount = GREATEST(d.amount, excluded.amount),
    withdrawals = GREATEST(d.withdrawals, excluded.withdrawals),
    reinstatements = GREATEST(d.reinstatements, excluded.reinstatements);
  RETURN pay_apply(p_pi, 'dispute');
END $function$;

CREATE OR REPLACE FUNCTION public.pay_lock(p_pi text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO payments (payment_intent) VALUES (p_pi) ON CONFLICT DO NOTHING;
  PERFORM 1 FROM payments WHERE payment_intent = p_pi FOR NO KEY UPDATE;
END $function$;

CREATE OR REPLACE FUNCTION public.pay_paid(p_pi text, p_order uuid, p_client uuid, p_amount bigint, p_currency text, p_subscription text DEFAULT NULL::text, p_invoice text DEFAULT NULL::text, OUT status text, OUT change bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
DECLARE p payments; o orders; terms orders;
BEGIN
  change := 0;
  PERFORM pay_lock(p_pi);
  SELECT * INTO p FROM payments WHERE payment_intent = p_pi;
  SELECT * INTO o FROM orders WHERE id = p_order FOR NO KEY UPDATE;
  IF NOT FOUND THEN status := 'unknown'; RETURN; END IF;
  terms := o;
  IF p_subscription IS NOT NULL THEN
    -- A plan may have changed since: the newest of its terms that the invoice was made by.
    SELECT * INTO terms FROM orders t
    WHERE t.client_id = o.client_id AND t.amount = p_amount AND t.currency = p_currency
      AND (t.id = o.id AND o.kind IN ('plan', 'plan_change')
        OR t.subscription_id = p_subscription AND (t.kind = 'plan' OR t.kind = 'plan_change' AND t.state = 'paid'))
    ORDER BY t.created_at DESC LIMIT 1;
    IF NOT FOUND THEN terms := o; END IF;
  END IF;
  IF p.seconds IS NOT NULL THEN
    status := CASE WHEN p.client_id = p_client AND p.amount = p_amount AND p.currency = p_currency
      AND (p.order_id = p_order OR p_subscription IS NOT NULL) THEN 'duplicate' ELSE 'mismatch' END;
    RETURN;
  END IF;
  IF terms.client_id IS DISTINCT FROM p_client OR terms.amount IS DISTINCT FROM p_amount
    OR terms.currency IS DISTINCT FROM p_currency
    OR (p_subscription IS NOT NULL) <> (o.kind IN ('plan', 'plan_change'))
    -- Paid already, by another payment.
    OR o.kind IN ('top_up', 'auto_top_up') AND o.state = 'paid'
  THEN
    UPDATE orders SET state = 'mismatch', updated_at = clock_timestamp()
    WHERE id = o.id AND state IN ('open', 'processing', 'failed', 'expired');
    status := 'mismatch';
    RETURN;
  END IF;
  UPDATE payments SET order_id = terms.id, client_id = terms.client_id, currency = terms.currency, amount = terms.amount,
    seconds = terms.seconds, invoice_id = p_invoice, paid_at = clock_timestamp()
  WHERE payment_intent = p_pi;
  UPDATE orders SET state = 'paid', failure = NULL, paid_at = COALESCE(paid_at, clock_timestamp()),
    payment_intent = COALESCE(payment_intent, p_pi), subscription_id = COALESCE(subscription_id, p_subscription),
    updated_at = clock_timestamp()
  WHERE id IN (terms.id, o.id);
  change := pay_apply(p_pi, 'refund');
  status := 'ok';
END $function$;

CREATE OR REPLACE FUNCTION public.pay_refund(p_refund text, p_pi text, p_amount bigint, p_failed boolean)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp', 'frontdesk_metering'
AS $function$
BEGIN
  PERFORM pay_lock(p_pi);
  INSERT INTO payment_refunds AS r (id, payment_intent, amount, failed) VALUES (p_refund, p_pi, p_amount, p_failed)
  ON CONFLICT (id) DO UPDATE SET failed = r.failed OR excluded.failed;
  RETURN pay_apply(p_pi, 'refund');
END $function$;

CREATE OR REPLACE FUNCTION public.read_one_by_one(p_words tsvector)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE COST 100000
AS $function$
BEGIN
  RETURN p_words IS NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.utterances_late()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  UPDATE conversations c SET search = conversation_words(c.id), reply_ms = f.reply_ms, cost_microdollars = f.cost
  FROM (SELECT DISTINCT conversation_id AS id FROM added) a, LATERAL conversation_figures(a.id) f
  WHERE c.id = a.id AND c.ended_at IS NOT NULL;
  RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.word_pairs(p_words tsvector)
 RETURNS integer[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE COST 5000
AS $function$
  SELECT coalesce(array_agg(DISTINCT hashtext(word || ' ' || next) & 65535), '{}') FROM (
    SELECT w.lexeme AS word, p.position AS at, lead(w.lexeme) OVER (ORDER BY p.position) AS next,
      lead(p.position) OVER (ORDER BY p.position) AS next_at
    FROM unnest(p_words) w, unnest(w.positions) AS p (position)
  ) one_after_the_other WHERE next_at = at + 1;
$function$;

-- Triggers

CREATE TRIGGER bookings_changes AFTER INSERT OR UPDATE OF status, shown ON public.bookings FOR EACH ROW EXECUTE FUNCTION bookings_note_change();

CREATE TRIGGER call_leases_metering_only BEFORE INSERT OR UPDATE ON public.call_leases FOR EACH ROW EXECUTE FUNCTION metering_only();

CREATE TRIGGER call_leases_no_delete BEFORE DELETE ON public.call_leases FOR EACH ROW EXECUTE FUNCTION call_lease_kept();

CREATE TRIGGER call_leases_no_truncate BEFORE TRUNCATE ON public.call_leases FOR EACH STATEMENT EXECUTE FUNCTION call_lease_kept();

CREATE TRIGGER call_leases_settled BEFORE UPDATE ON public.call_leases FOR EACH ROW WHEN ((old.state = 'settled'::text)) EXECUTE FUNCTION call_lease_kept();

CREATE TRIGGER clients_knowledge AFTER UPDATE OF language ON public.clients FOR EACH ROW WHEN ((new.language <> old.language)) EXECUTE FUNCTION clients_index_knowledge();

CREATE TRIGGER clients_metering_only BEFORE UPDATE OF balance_seconds, reserved_seconds, debt_seconds ON public.clients FOR EACH ROW WHEN ((((old.balance_seconds IS DISTINCT FROM new.balance_seconds) OR (old.reserved_seconds IS DISTINCT FROM new.reserved_seconds)) OR (old.debt_seconds IS DISTINCT FROM new.debt_seconds))) EXECUTE FUNCTION metering_only();

CREATE TRIGGER clients_start_empty BEFORE INSERT ON public.clients FOR EACH ROW WHEN (((new.balance_seconds <> 0) OR (new.reserved_seconds <> 0) OR (new.debt_seconds <> 0))) EXECUTE FUNCTION metering_only();

CREATE TRIGGER conversations_reviewed AFTER UPDATE OF ended_at ON public.conversations FOR EACH ROW WHEN (((new.ended_at IS NOT NULL) AND (old.ended_at IS NULL) AND (new.client_id IS NOT NULL))) EXECUTE FUNCTION conversations_review();

CREATE TRIGGER conversations_words BEFORE UPDATE OF ended_at ON public.conversations FOR EACH ROW WHEN ((new.ended_at IS NOT NULL)) EXECUTE FUNCTION conversations_index_words();

CREATE TRIGGER knowledge_words BEFORE INSERT OR UPDATE ON public.knowledge_passages FOR EACH ROW EXECUTE FUNCTION knowledge_index_words();

CREATE TRIGGER ledger_metering_only BEFORE INSERT ON public.ledger FOR EACH ROW EXECUTE FUNCTION metering_only();

CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON public.ledger FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();

CREATE TRIGGER ledger_no_update BEFORE DELETE OR UPDATE ON public.ledger FOR EACH ROW EXECUTE FUNCTION ledger_frozen();

CREATE TRIGGER orders_no_delete BEFORE DELETE ON public.orders FOR EACH ROW EXECUTE FUNCTION order_terms_kept();

CREATE TRIGGER orders_terms BEFORE UPDATE ON public.orders FOR EACH ROW WHEN ((((((((old.id IS DISTINCT FROM new.id) OR (old.client_id IS DISTINCT FROM new.client_id)) OR (old.package_id IS DISTINCT FROM new.package_id)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.amount IS DISTINCT FROM new.amount)) OR (old.seconds IS DISTINCT FROM new.seconds))) EXECUTE FUNCTION order_terms_kept();

CREATE TRIGGER payment_disputes_functions_only BEFORE INSERT OR DELETE OR UPDATE ON public.payment_disputes FOR EACH ROW EXECUTE FUNCTION metering_only();

CREATE TRIGGER payment_refunds_functions_only BEFORE INSERT OR DELETE OR UPDATE ON public.payment_refunds FOR EACH ROW EXECUTE FUNCTION metering_only();

CREATE TRIGGER payments_functions_only BEFORE INSERT OR DELETE OR UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION metering_only();

CREATE TRIGGER utterances_words AFTER INSERT ON public.utterances REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION utterances_late();

-- Functions that only their owner may call

REVOKE EXECUTE ON FUNCTION grant_application() FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION make_application_role() FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION meter_close(call_leases,bigint,text) FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION meter_extend(uuid,uuid,bigint) FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION pay_apply(text,text) FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION pay_lock(text) FROM PUBLIC;
