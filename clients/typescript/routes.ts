// Every route of the API with what it takes and gives. Made by scripts/api.ts; change the routes, never this file.

export interface Routes {
  /** Register. */
  'POST /api/auth/register': {
    body: { email: string; password: string; display_name: string };
    answer: { id: string; email: string | null; display_name: string; created_at: string; username: string; role: 'user' | 'moderator' | 'admin'; type: 'owner' | 'patient' };
  };
  /** Log in with a cookie. */
  'POST /api/auth/login': {
    body: { email: string; password: string };
    answer: { id: string; email: string | null; display_name: string; created_at: string; username: string; role: 'user' | 'moderator' | 'admin'; type: 'owner' | 'patient' };
  };
  /** Log out. */
  'POST /api/auth/logout': {
    answer: { message: string };
  };
  /** Who am I? */
  'GET /api/auth/me': {
    answer: { id: string; email: string | null; display_name: string; created_at: string; username: string; role: 'user' | 'moderator' | 'admin'; type: 'owner' | 'patient' };
  };
  /** Log in with tokens. */
  'POST /auth/login': {
    body: { username?: string | null; password?: string | null; user_id?: string | null };
    answer: { access_token: string; refresh_token: string; token_type: 'bearer'; expires_in: number };
  };
  /** Log in as an administrator. */
  'POST /admin/auth/login': {
    body: { username: string; password: string };
    answer: { access_token: string; refresh_token: string; token_type: 'bearer'; expires_in: number };
  };
  /** Refresh an access token. */
  'POST /auth/refresh': {
    body: { refresh_token: string };
    answer: { access_token: string; refresh_token: string; token_type: 'bearer'; expires_in: number };
  };
  /** Revoke a refresh token. */
  'POST /auth/logout': {
    body: { refresh_token: string };
    answer: { message: string };
  };
  /** An access token for who is signed in. */
  'POST /auth/token': {
    query?: { user_id?: string };
    answer: { access_token: string; token_type: 'bearer' };
  };
  /** Sign in with Google. */
  'POST /auth/google/initiate': {
    answer: { authorization_url: string; state: string };
  };
  /** Finish signing in with Google, for programs. */
  'POST /auth/google/callback': {
    body: { code: string; state: string };
    answer: { access_token: string; token_type: 'Bearer'; expires_in: number; refresh_token: string; user: { id: string; email: string | null; name: string } };
  };
  /** Finish signing in with Google, for browsers. */
  'GET /auth/google/callback': {
    query?: { code?: string; state?: string; error?: string };
    answer: { access_token: string; token_type: 'Bearer'; expires_in: number; refresh_token: string; user: { id: string; email: string | null; name: string } };
  };
  /** Ways to sign in. */
  'GET /auth/ways': {
    answer: { google: boolean; demo: boolean };
  };
  /** Sign in as the demo owner. */
  'POST /auth/demo': {
    answer: { id: string; email: string | null; display_name: string; created_at: string; username: string; role: 'user' | 'moderator' | 'admin'; type: 'owner' | 'patient' };
  };
  /** My profile. */
  'GET /api/users/profile': {
    answer: { id: string; email: string | null; display_name: string; created_at: string; username: string; role: 'user' | 'moderator' | 'admin'; type: 'owner' | 'patient'; preferences: { preferred_voice: string; preferred_language: string; favorite_topics: (string)[]; system_prompt_override: string } };
  };
  /** Change my name or e-mail address. */
  'PATCH /api/users/profile': {
    body: { display_name?: string; email?: string };
    answer: { id: string; email: string | null; display_name: string; created_at: string; username: string; role: 'user' | 'moderator' | 'admin'; type: 'owner' | 'patient'; preferences: { preferred_voice: string; preferred_language: string; favorite_topics: (string)[]; system_prompt_override: string } };
  };
  /** Change my preferences. */
  'PUT /api/users/preferences': {
    body: { preferred_voice?: string; preferred_language?: string; favorite_topics?: (string)[]; system_prompt_override?: string };
    answer: { preferred_voice: string; preferred_language: string; favorite_topics: (string)[]; system_prompt_override: string };
  };
  /** Change my password. */
  'POST /api/users/change-password': {
    body: { current_password: string; new_password: string };
    answer: { message: string };
  };
  /** What would go with my account. */
  'GET /api/users/deletion': {
    answer: { clients: number; running_calls: number; seconds: number; plans: number; last_administrator: boolean; has_password: boolean };
  };
  /** Delete my account. */
  'POST /api/users/delete-account': {
    body: { password?: string; lose_seconds: number };
    answer: { message: string };
  };
  /** My conversations. */
  'GET /api/users/history': {
    query?: { limit?: number; offset?: number };
    answer: { count: number; next: string | null; previous: string | null; results: ({ id: string; room: string; started_at: string; ended_at: string | null; system_prompt: string; utterance_count: number })[] };
  };
  /** One of my conversations. */
  'GET /api/users/history/{session_id}': {
    params: { session_id: string };
    answer: { id: string; room: string; started_at: string; ended_at: string | null; system_prompt: string; utterance_count: number; metadata: Record<string, unknown>; utterances: ({ id: string; session: string; role: 'user' | 'agent'; text: string; event: string; is_final: boolean; created_at: string })[] };
  };
  /** Everything to begin with. */
  'GET /api/start': {
    answer: { user: { id: string; email: string | null; display_name: string; created_at: string; username: string; role: 'user' | 'moderator' | 'admin'; type: 'owner' | 'patient' }; clients: ({ id: string; owner_user_id: string; name: string; phone_number: string | null; calendar_id: string; system_prompt: string; initial_greeting: string; disclosure: string; llm_model: string; stt_model: string; tts_provider: string; tts_model: string; tts_voice_id: string; stt_fallbacks: (string)[] | null; llm_fallbacks: (string)[] | null; tts_fallbacks: (string)[] | null; enabled_tools: (string)[]; is_active: boolean; zone: string; language: string; fallback_number: string | null; concurrency_max: number; call_seconds_max: number; recording_enabled: boolean; recording_notice: string; recording_days: number; alert_below_seconds: number | null; alert_email: string | null; remind_hours: number | null; patience: 'quick' | 'normal' | 'patient'; speculation: boolean; noise_suppression: boolean; pronunciations: ({ written: string; spoken: string })[]; keyterms: (string)[]; opening_hours: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes: number; buffer_before_minutes: number; buffer_after_minutes: number; lead_minutes: number; horizon_days: number; balance_seconds: number; debt_seconds: number; created_at: string; updated_at: string })[]; pulse: { active_calls: ({ call_id: string; client_id: string; client_name: string; caller_phone: string | null; start_time: string; owner_user_id: string; contact_name: string | null; channel: string; used_seconds: number })[]; unread_messages: ({ client_id: string; unread: number })[] } };
  };
  /** What goes on now. */
  'GET /api/pulse': {
    answer: { active_calls: ({ call_id: string; client_id: string; client_name: string; caller_phone: string | null; start_time: string; owner_user_id: string; contact_name: string | null; channel: string; used_seconds: number })[]; unread_messages: ({ client_id: string; unread: number })[] };
  };
  /** Today, for all clients. */
  'GET /api/overview': {
    answer: { clients: ({ client_id: string; name: string; zone: string; phone_number: string | null; is_active: boolean; balance_seconds: number; debt_seconds: number; alert_below_seconds: number | null; low: boolean; running_calls: number; unread_messages: number; calls: number; minutes: number; bookings: number; appointments: number })[]; response_ms: { p50: number | null; p95: number | null }; appointments: ({ id: string; client_id: string; starts_at: string; ends_at: string; name: string; reason: string; status: 'confirmed' | 'held' })[]; messages: ({ id: string; client_id: string; name: string; phone: string; text: string; urgent: boolean; read_at: string | null; created_at: string })[]; calls: ({ id: string; client_id: string; caller_phone: string | null; contact_name: string | null; channel: string; started_at: string; duration: number; outcome: string | null })[] };
  };
  /** List clients. */
  'GET /api/clients': {
    query?: { limit?: number; offset?: number; cursor?: string; q?: string };
    answer: ({ id: string; owner_user_id: string; name: string; phone_number: string | null; calendar_id: string; system_prompt: string; initial_greeting: string; disclosure: string; llm_model: string; stt_model: string; tts_provider: string; tts_model: string; tts_voice_id: string; stt_fallbacks: (string)[] | null; llm_fallbacks: (string)[] | null; tts_fallbacks: (string)[] | null; enabled_tools: (string)[]; is_active: boolean; zone: string; language: string; fallback_number: string | null; concurrency_max: number; call_seconds_max: number; recording_enabled: boolean; recording_notice: string; recording_days: number; alert_below_seconds: number | null; alert_email: string | null; remind_hours: number | null; patience: 'quick' | 'normal' | 'patient'; speculation: boolean; noise_suppression: boolean; pronunciations: ({ written: string; spoken: string })[]; keyterms: (string)[]; opening_hours: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes: number; buffer_before_minutes: number; buffer_after_minutes: number; lead_minutes: number; horizon_days: number; balance_seconds: number; debt_seconds: number; created_at: string; updated_at: string })[];
  };
  /** Create a client. */
  'POST /api/clients': {
    body: { name: string; phone_number?: string | null; calendar_id?: string; system_prompt?: string; initial_greeting?: string; disclosure?: string; llm_model?: string; stt_model?: string; tts_provider?: string; tts_model?: string; tts_voice_id?: string; stt_fallbacks?: (string)[] | null; llm_fallbacks?: (string)[] | null; tts_fallbacks?: (string)[] | null; enabled_tools?: (string)[]; is_active?: boolean; balance_seconds?: number; zone?: string; language?: string; fallback_number?: string | null; concurrency_max?: number; call_seconds_max?: number; recording_enabled?: boolean; recording_notice?: string; recording_days?: number; alert_below_seconds?: number | null; alert_email?: string | null; remind_hours?: number | null; patience?: 'quick' | 'normal' | 'patient'; speculation?: boolean; noise_suppression?: boolean; pronunciations?: ({ written: string; spoken: string })[]; keyterms?: (string)[]; opening_hours?: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays?: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes?: number; buffer_before_minutes?: number; buffer_after_minutes?: number; lead_minutes?: number; horizon_days?: number };
    answer: { id: string; owner_user_id: string; name: string; phone_number: string | null; calendar_id: string; system_prompt: string; initial_greeting: string; disclosure: string; llm_model: string; stt_model: string; tts_provider: string; tts_model: string; tts_voice_id: string; stt_fallbacks: (string)[] | null; llm_fallbacks: (string)[] | null; tts_fallbacks: (string)[] | null; enabled_tools: (string)[]; is_active: boolean; zone: string; language: string; fallback_number: string | null; concurrency_max: number; call_seconds_max: number; recording_enabled: boolean; recording_notice: string; recording_days: number; alert_below_seconds: number | null; alert_email: string | null; remind_hours: number | null; patience: 'quick' | 'normal' | 'patient'; speculation: boolean; noise_suppression: boolean; pronunciations: ({ written: string; spoken: string })[]; keyterms: (string)[]; opening_hours: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes: number; buffer_before_minutes: number; buffer_after_minutes: number; lead_minutes: number; horizon_days: number; balance_seconds: number; debt_seconds: number; created_at: string; updated_at: string };
  };
  /** What a client may be set to. */
  'GET /api/client-choices': {
    answer: { llm_models: (string)[]; stt_models: (string)[]; tts_providers: (string)[]; tools: (string)[]; languages: ({ language: string; greeting: string; recording_notice: string })[] };
  };
  /** Get a client. */
  'GET /api/clients/{client_id}': {
    params: { client_id: string };
    answer: { id: string; owner_user_id: string; name: string; phone_number: string | null; calendar_id: string; system_prompt: string; initial_greeting: string; disclosure: string; llm_model: string; stt_model: string; tts_provider: string; tts_model: string; tts_voice_id: string; stt_fallbacks: (string)[] | null; llm_fallbacks: (string)[] | null; tts_fallbacks: (string)[] | null; enabled_tools: (string)[]; is_active: boolean; zone: string; language: string; fallback_number: string | null; concurrency_max: number; call_seconds_max: number; recording_enabled: boolean; recording_notice: string; recording_days: number; alert_below_seconds: number | null; alert_email: string | null; remind_hours: number | null; patience: 'quick' | 'normal' | 'patient'; speculation: boolean; noise_suppression: boolean; pronunciations: ({ written: string; spoken: string })[]; keyterms: (string)[]; opening_hours: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes: number; buffer_before_minutes: number; buffer_after_minutes: number; lead_minutes: number; horizon_days: number; balance_seconds: number; debt_seconds: number; created_at: string; updated_at: string };
  };
  /** Update a client. */
  'PUT /api/clients/{client_id}': {
    params: { client_id: string };
    body: { name?: string; phone_number?: string | null; calendar_id?: string; system_prompt?: string; initial_greeting?: string; disclosure?: string; llm_model?: string; stt_model?: string; tts_provider?: string; tts_model?: string; tts_voice_id?: string; stt_fallbacks?: (string)[] | null; llm_fallbacks?: (string)[] | null; tts_fallbacks?: (string)[] | null; enabled_tools?: (string)[]; is_active?: boolean; balance_seconds?: number; zone?: string; language?: string; fallback_number?: string | null; concurrency_max?: number; call_seconds_max?: number; recording_enabled?: boolean; recording_notice?: string; recording_days?: number; alert_below_seconds?: number | null; alert_email?: string | null; remind_hours?: number | null; patience?: 'quick' | 'normal' | 'patient'; speculation?: boolean; noise_suppression?: boolean; pronunciations?: ({ written: string; spoken: string })[]; keyterms?: (string)[]; opening_hours?: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays?: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes?: number; buffer_before_minutes?: number; buffer_after_minutes?: number; lead_minutes?: number; horizon_days?: number };
    answer: { id: string; owner_user_id: string; name: string; phone_number: string | null; calendar_id: string; system_prompt: string; initial_greeting: string; disclosure: string; llm_model: string; stt_model: string; tts_provider: string; tts_model: string; tts_voice_id: string; stt_fallbacks: (string)[] | null; llm_fallbacks: (string)[] | null; tts_fallbacks: (string)[] | null; enabled_tools: (string)[]; is_active: boolean; zone: string; language: string; fallback_number: string | null; concurrency_max: number; call_seconds_max: number; recording_enabled: boolean; recording_notice: string; recording_days: number; alert_below_seconds: number | null; alert_email: string | null; remind_hours: number | null; patience: 'quick' | 'normal' | 'patient'; speculation: boolean; noise_suppression: boolean; pronunciations: ({ written: string; spoken: string })[]; keyterms: (string)[]; opening_hours: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes: number; buffer_before_minutes: number; buffer_after_minutes: number; lead_minutes: number; horizon_days: number; balance_seconds: number; debt_seconds: number; created_at: string; updated_at: string };
  };
  /** Change fields of a client. */
  'PATCH /api/clients/{client_id}': {
    params: { client_id: string };
    body: { name?: string; phone_number?: string | null; calendar_id?: string; system_prompt?: string; initial_greeting?: string; disclosure?: string; llm_model?: string; stt_model?: string; tts_provider?: string; tts_model?: string; tts_voice_id?: string; stt_fallbacks?: (string)[] | null; llm_fallbacks?: (string)[] | null; tts_fallbacks?: (string)[] | null; enabled_tools?: (string)[]; is_active?: boolean; balance_seconds?: number; zone?: string; language?: string; fallback_number?: string | null; concurrency_max?: number; call_seconds_max?: number; recording_enabled?: boolean; recording_notice?: string; recording_days?: number; alert_below_seconds?: number | null; alert_email?: string | null; remind_hours?: number | null; patience?: 'quick' | 'normal' | 'patient'; speculation?: boolean; noise_suppression?: boolean; pronunciations?: ({ written: string; spoken: string })[]; keyterms?: (string)[]; opening_hours?: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays?: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes?: number; buffer_before_minutes?: number; buffer_after_minutes?: number; lead_minutes?: number; horizon_days?: number };
    answer: { id: string; owner_user_id: string; name: string; phone_number: string | null; calendar_id: string; system_prompt: string; initial_greeting: string; disclosure: string; llm_model: string; stt_model: string; tts_provider: string; tts_model: string; tts_voice_id: string; stt_fallbacks: (string)[] | null; llm_fallbacks: (string)[] | null; tts_fallbacks: (string)[] | null; enabled_tools: (string)[]; is_active: boolean; zone: string; language: string; fallback_number: string | null; concurrency_max: number; call_seconds_max: number; recording_enabled: boolean; recording_notice: string; recording_days: number; alert_below_seconds: number | null; alert_email: string | null; remind_hours: number | null; patience: 'quick' | 'normal' | 'patient'; speculation: boolean; noise_suppression: boolean; pronunciations: ({ written: string; spoken: string })[]; keyterms: (string)[]; opening_hours: { monday?: ({ opens: string; closes: string })[]; tuesday?: ({ opens: string; closes: string })[]; wednesday?: ({ opens: string; closes: string })[]; thursday?: ({ opens: string; closes: string })[]; friday?: ({ opens: string; closes: string })[]; saturday?: ({ opens: string; closes: string })[]; sunday?: ({ opens: string; closes: string })[] }; holidays: ({ date: string; name: string; hours: ({ opens: string; closes: string })[] })[]; slot_minutes: number; buffer_before_minutes: number; buffer_after_minutes: number; lead_minutes: number; horizon_days: number; balance_seconds: number; debt_seconds: number; created_at: string; updated_at: string };
  };
  /** Delete a client. */
  'DELETE /api/clients/{client_id}': {
    params: { client_id: string };
    answer: { message: string };
  };
  /** Adjust the balance of a client. */
  'POST /api/clients/{client_id}/adjustments': {
    params: { client_id: string };
    body: { seconds: number; reason: string };
    answer: { client_id: string; seconds: number; reason: string; balance_seconds: number; debt_seconds: number };
  };
  /** List the contacts of a client. */
  'GET /api/clients/{client_id}/contacts': {
    params: { client_id: string };
    query?: { limit?: number; offset?: number; cursor?: string; q?: string };
    answer: ({ id: string; client_id: string; phone_number: string; name: string; notes: string; last_call_at: string | null; created_at: string; updated_at: string })[];
  };
  /** Export the contacts of a client. */
  'GET /api/clients/{client_id}/contacts/export': {
    params: { client_id: string };
    answer: string;
  };
  /** Import contacts of a client. */
  'POST /api/clients/{client_id}/contacts/import': {
    params: { client_id: string };
    body: string;
    answer: { created: number; updated: number; errors: ({ line: number; detail: string })[] };
  };
  /** Create a contact. */
  'POST /api/contacts': {
    body: { client_id: string; phone_number: string; name?: string; notes?: string };
    answer: { id: string; client_id: string; phone_number: string; name: string; notes: string; last_call_at: string | null; created_at: string; updated_at: string };
  };
  /** Get a contact. */
  'GET /api/contacts/{contact_id}': {
    params: { contact_id: string };
    answer: { id: string; client_id: string; phone_number: string; name: string; notes: string; last_call_at: string | null; created_at: string; updated_at: string };
  };
  /** Update a contact. */
  'PUT /api/contacts/{contact_id}': {
    params: { contact_id: string };
    body: { phone_number?: string; name?: string; notes?: string };
    answer: { id: string; client_id: string; phone_number: string; name: string; notes: string; last_call_at: string | null; created_at: string; updated_at: string };
  };
  /** Change fields of a contact. */
  'PATCH /api/contacts/{contact_id}': {
    params: { contact_id: string };
    body: { phone_number?: string; name?: string; notes?: string };
    answer: { id: string; client_id: string; phone_number: string; name: string; notes: string; last_call_at: string | null; created_at: string; updated_at: string };
  };
  /** Delete a contact. */
  'DELETE /api/contacts/{contact_id}': {
    params: { contact_id: string };
    answer: { message: string };
  };
  /** List the conversations of a client. */
  'GET /api/clients/{client_id}/conversations': {
    params: { client_id: string };
    query?: { limit?: number; offset?: number; cursor?: string; q?: string; from?: string; until?: string; outcome?: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed'; channel?: 'phone' | 'browser' | 'chat'; contact_id?: string; caller_phone?: string; follow_up?: boolean; flagged?: boolean; fields?: string };
    answer: ({ id?: string; client_id?: string; contact_id?: string | null; duration?: number; created_at?: string; contact_name?: string | null; caller_phone?: string | null; channel?: 'phone' | 'browser' | 'chat'; direction?: 'inbound' | 'outbound'; started_at?: string; ended_at?: string | null; end_reason?: string | null; outcome?: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed' | null; quiet_since?: string | null; flags?: (string)[]; summary?: string; resolved?: 'yes' | 'partly' | 'no' | null; follow_up?: boolean; cost_microdollars?: number; transcript?: ({ role: 'user' | 'assistant'; content: string; timestamp: string; interrupted: boolean; unheard: string | null; turn: number })[] })[];
  };
  /** Get a conversation. */
  'GET /api/conversations/{conversation_id}': {
    params: { conversation_id: string };
    answer: { id: string; client_id: string; contact_id: string | null; duration: number; created_at: string; contact_name: string | null; caller_phone: string | null; channel: 'phone' | 'browser' | 'chat'; direction: 'inbound' | 'outbound'; started_at: string; ended_at: string | null; end_reason: string | null; outcome: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed' | null; quiet_since: string | null; flags: (string)[]; summary: string; resolved: 'yes' | 'partly' | 'no' | null; follow_up: boolean; cost_microdollars: number; transcript: ({ role: 'user' | 'assistant'; content: string; timestamp: string; interrupted: boolean; unheard: string | null; turn: number })[]; recording_started_at: string | null; recorded_until: string | null; follow_up_reason: string; extracted: Record<string, string | number | boolean | null>; review_state: 'due' | 'done' | 'skipped' | 'failed' | null; put_through: ({ at: string; over_at: string | null; name: string; phone_number: string; mode: 'warm' | 'cold'; reason: string; state: 'dialling' | 'accepted' | 'declined' | 'unanswered' | 'failed' | 'abandoned' | 'untold' })[]; turns: ({ number: number; kind: string; ending: 'completed' | 'interrupted' | 'failed'; response_ms: number | null; endpoint_ms: number | null; hear_ms: number | null; think_ms: number | null; speak_ms: number | null; play_ms: number | null; input_tokens: number; output_tokens: number; wasted_input_tokens: number; wasted_output_tokens: number; characters: number; unheard: string | null; cost_microdollars: number; tools: ({ id?: string; name: string; arguments: string; result: string; elapsed_ms: number; failed: boolean })[]; created_at: string })[]; cost: { billed_seconds: number; input_tokens: number; output_tokens: number; characters: number; cost_microdollars: number } };
  };
  /** Mark a conversation. */
  'PATCH /api/conversations/{conversation_id}': {
    params: { conversation_id: string };
    body: { follow_up: boolean };
    answer: { message: string };
  };
  /** Delete a conversation. */
  'DELETE /api/conversations/{conversation_id}': {
    params: { conversation_id: string };
    answer: { message: string };
  };
  /** Export the conversations of a client. */
  'GET /api/clients/{client_id}/conversations.csv': {
    params: { client_id: string };
    query?: { q?: string; from?: string; until?: string; outcome?: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed'; channel?: 'phone' | 'browser' | 'chat'; contact_id?: string; caller_phone?: string; follow_up?: boolean; flagged?: boolean };
    answer: string;
  };
  /** Call somebody. */
  'POST /api/calls': {
    body: { client_id: string; phone_number: string; purpose?: 'reminder' | 'callback' | 'other'; text: string; voicemail_text?: string };
    answer: { id: string; client_id: string; phone_number: string; purpose: 'reminder' | 'callback' | 'other'; text: string; voicemail_text: string; state: 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled'; answered_by: 'human' | 'machine' | 'fax' | 'unknown'; call_sid: string | null; conversation_id: string | null; outcome: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed' | null; duration_seconds: number | null; created_at: string; ended_at: string | null };
  };
  /** List the calls your clients made. */
  'GET /api/calls': {
    query?: { limit?: number; offset?: number; cursor?: string; client_id?: string };
    answer: ({ id: string; client_id: string; phone_number: string; purpose: 'reminder' | 'callback' | 'other'; text: string; voicemail_text: string; state: 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled'; answered_by: 'human' | 'machine' | 'fax' | 'unknown'; call_sid: string | null; conversation_id: string | null; outcome: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed' | null; duration_seconds: number | null; created_at: string; ended_at: string | null })[];
  };
  /** Get a call that a client made. */
  'GET /api/calls/{outbound_id}': {
    params: { outbound_id: string };
    answer: { id: string; client_id: string; phone_number: string; purpose: 'reminder' | 'callback' | 'other'; text: string; voicemail_text: string; state: 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled'; answered_by: 'human' | 'machine' | 'fax' | 'unknown'; call_sid: string | null; conversation_id: string | null; outcome: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed' | null; duration_seconds: number | null; created_at: string; ended_at: string | null };
  };
  /** Call somebody, with answers in the form of the Vapi document. */
  'POST /make-call': {
    body: { client_id: string; phone_number: string; purpose?: 'reminder' | 'callback' | 'other'; text: string; voicemail_text?: string };
    answer: { success: true; data: { id: string; client_id: string; phone_number: string; purpose: 'reminder' | 'callback' | 'other'; text: string; voicemail_text: string; state: 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled'; answered_by: 'human' | 'machine' | 'fax' | 'unknown'; call_sid: string | null; conversation_id: string | null; outcome: 'booked' | 'rescheduled' | 'cancelled' | 'message' | 'transferred' | 'missed' | 'left_message' | 'machine' | 'answered' | 'abandoned' | 'no_credit' | 'failed' | null; duration_seconds: number | null; created_at: string; ended_at: string | null }; message: string };
  };
  /** List who may be called. */
  'GET /api/clients/{client_id}/call-consents': {
    params: { client_id: string };
    query?: { limit?: number; offset?: number; cursor?: string };
    answer: ({ phone_number: string; state: 'given' | 'refused'; source: 'owner' | 'call'; at: string })[];
  };
  /** Write down whether somebody may be called. */
  'PUT /api/clients/{client_id}/call-consents': {
    params: { client_id: string };
    body: { phone_number: string; state: 'given' | 'refused' };
    answer: { phone_number: string; state: 'given' | 'refused'; source: 'owner' | 'call'; at: string };
  };
  /** Listen to the recording of a conversation. */
  'GET /api/conversations/{conversation_id}/recording': {
    params: { conversation_id: string };
    answer: Blob;
  };
  /** List the calls that run now. */
  'GET /api/active-calls': {
    query?: { limit?: number; offset?: number; cursor?: string };
    answer: ({ call_id: string; client_id: string; client_name: string; caller_phone: string | null; start_time: string; owner_user_id: string; contact_name: string | null; channel: string; used_seconds: number })[];
  };
  /** Watch a call. */
  'GET /api/active-calls/{call_id}/events': {
    params: { call_id: string };
    answer: string;
  };
  /** End a call. */
  'POST /api/active-calls/{call_id}/hang-up': {
    params: { call_id: string };
    answer: { message: string };
  };
  /** Have words said in a call. */
  'POST /api/active-calls/{call_id}/say': {
    params: { call_id: string };
    body: { text: string };
    answer: { message: string };
  };
  /** Put the caller of a call through. */
  'POST /api/active-calls/{call_id}/put-through': {
    params: { call_id: string };
    body: { target_id?: string | null };
    answer: { message: string };
  };
  /** List the bookings of a client. */
  'GET /api/clients/{client_id}/bookings': {
    params: { client_id: string };
    query?: { limit?: number; offset?: number; cursor?: string; from?: string; until?: string; status?: 'held' | 'confirmed' | 'cancelled' | 'expired' };
    answer: ({ id: string; client_id: string; starts_at: string; ends_at: string; status: 'held' | 'confirmed' | 'cancelled' | 'expired'; name: string; phone: string | null; reason: string; conversation_id: string | null; contact_id: string | null; created_at: string; updated_at: string; waiting: boolean })[];
  };
  /** Get a booking. */
  'GET /api/clients/{client_id}/bookings/{booking_id}': {
    params: { client_id: string; booking_id: string };
    answer: { id: string; client_id: string; starts_at: string; ends_at: string; status: 'held' | 'confirmed' | 'cancelled' | 'expired'; name: string; phone: string | null; reason: string; conversation_id: string | null; contact_id: string | null; created_at: string; updated_at: string; waiting: boolean };
  };
  /** Move a booking. */
  'PATCH /api/clients/{client_id}/bookings/{booking_id}': {
    params: { client_id: string; booking_id: string };
    body: { starts_at: string };
    answer: { id: string; client_id: string; starts_at: string; ends_at: string; status: 'held' | 'confirmed' | 'cancelled' | 'expired'; name: string; phone: string | null; reason: string; conversation_id: string | null; contact_id: string | null; created_at: string; updated_at: string; waiting: boolean };
  };
  /** Cancel a booking. */
  'DELETE /api/clients/{client_id}/bookings/{booking_id}': {
    params: { client_id: string; booking_id: string };
    answer: { message: string };
  };
  /** Get the state of the calendar. */
  'GET /api/clients/{client_id}/calendar/status': {
    params: { client_id: string };
    answer: { has_credentials: boolean; credential_type: 'oauth' | 'service_account' | null; created_at: string | null; last_used_at: string | null; fallback_available: boolean; fallback_account: string | null; state: 'not_connected' | 'choose' | 'connected' | 'unreachable' | 'broken'; via: 'own' | 'fallback' | null; account: string | null; calendar: { id: string; name: string; time_zone: string } | null; watched: ({ id: string; resource: number | null })[]; synced_at: string | null; failing_since: string | null; fault: string | null; waiting_bookings: number };
  };
  /** Connect Google Calendar. */
  'POST /api/clients/{client_id}/calendar/oauth/initiate': {
    params: { client_id: string };
    answer: { authorization_url: string; state: string };
  };
  /** Upload a service account. */
  'POST /api/clients/{client_id}/calendar/service-account': {
    params: { client_id: string };
    body: { service_account_json: string };
    answer: { message: string; service_account_email: string };
  };
  /** Disconnect the calendar. */
  'DELETE /api/clients/{client_id}/calendar/credentials': {
    params: { client_id: string };
    answer: { message: string };
  };
  /** List the calendars of the account. */
  'GET /api/clients/{client_id}/calendar/calendars': {
    params: { client_id: string };
    answer: ({ id: string; name: string; time_zone: string; primary: boolean; writable: boolean })[];
  };
  /** Choose the calendars. */
  'PUT /api/clients/{client_id}/calendar/calendars': {
    params: { client_id: string };
    body: { write: string; watch?: ({ id: string; resource?: number | null })[] };
    answer: { has_credentials: boolean; credential_type: 'oauth' | 'service_account' | null; created_at: string | null; last_used_at: string | null; fallback_available: boolean; fallback_account: string | null; state: 'not_connected' | 'choose' | 'connected' | 'unreachable' | 'broken'; via: 'own' | 'fallback' | null; account: string | null; calendar: { id: string; name: string; time_zone: string } | null; watched: ({ id: string; resource: number | null })[]; synced_at: string | null; failing_since: string | null; fault: string | null; waiting_bookings: number };
  };
  /** Come back from Google’s consent screen. */
  'GET /api/calendar/oauth/callback': {
    query?: { code?: string; state?: string; error?: string };
    answer: string;
  };
  /** Look at some days of the calendar. */
  'GET /api/clients/{client_id}/calendar/days': {
    params: { client_id: string };
    query?: { from?: string; days?: number };
    answer: { time_zone: string; from: string; starts_at: string; ends_at: string; open: ({ starts_at: string; ends_at: string })[]; resources: ({ number: number; name: string; is_active: boolean })[]; bookings: ({ id: string; starts_at: string; ends_at: string; status: 'held' | 'confirmed' | 'cancelled'; resource: number; name: string; phone: string | null; reason: string; conversation_id: string | null; contact_id: string | null; waiting: boolean })[]; busy: ({ starts_at: string; ends_at: string; resource: number })[]; synced_at: string | null };
  };
  /** List the chairs or staff. */
  'GET /api/clients/{client_id}/calendar/resources': {
    params: { client_id: string };
    answer: ({ number: number; name: string; is_active: boolean })[];
  };
  /** Set the chairs or staff. */
  'PUT /api/clients/{client_id}/calendar/resources': {
    params: { client_id: string };
    body: { resources: ({ name: string })[] };
    answer: ({ number: number; name: string; is_active: boolean })[];
  };
  /** Get the address of the calendar feed. */
  'GET /api/clients/{client_id}/calendar/feed': {
    params: { client_id: string };
    answer: { url: string | null; created_at: string | null };
  };
  /** Make a calendar feed. */
  'POST /api/clients/{client_id}/calendar/feed': {
    params: { client_id: string };
    answer: { url: string | null; created_at: string | null };
  };
  /** End the calendar feed. */
  'DELETE /api/clients/{client_id}/calendar/feed': {
    params: { client_id: string };
    answer: { message: string };
  };
  /** Read a calendar feed. */
  'GET /calendar/feeds/{token}': {
    params: { token: string };
    answer: string;
  };
  /** Read an invitation. */
  'GET /i/{token}': {
    params: { token: string };
    answer: string;
  };
  /** List the messages of a client. */
  'GET /api/clients/{client_id}/messages': {
    params: { client_id: string };
    query?: { limit?: number; offset?: number; cursor?: string; unread?: boolean };
    answer: ({ id: string; client_id: string; conversation_id: string | null; name: string; phone: string; text: string; urgent: boolean; has_audio: boolean; read_at: string | null; created_at: string })[];
  };
  /** Mark a message as read or unread. */
  'PATCH /api/clients/{client_id}/messages/{message_id}': {
    params: { client_id: string; message_id: string };
    body: { read: boolean };
    answer: { id: string; client_id: string; conversation_id: string | null; name: string; phone: string; text: string; urgent: boolean; has_audio: boolean; read_at: string | null; created_at: string };
  };
  /** Delete a message. */
  'DELETE /api/clients/{client_id}/messages/{message_id}': {
    params: { client_id: string; message_id: string };
    answer: { message: string };
  };
  /** Mark all messages of a client as read. */
  'POST /api/clients/{client_id}/messages/read-all': {
    params: { client_id: string };
    answer: { marked: number };
  };
  /** Hear a message as it was left. */
  'GET /api/clients/{client_id}/messages/{message_id}/audio': {
    params: { client_id: string; message_id: string };
    answer: Blob;
  };
  /** List what you should know. */
  'GET /api/notices': {
    query?: { limit?: number; offset?: number; cursor?: string; client_id?: string; unread?: boolean };
    answer: ({ id: string; client_id: string; kind: string; severity: 'info' | 'warning' | 'error'; text: string; data: Record<string, unknown>; read_at: string | null; created_at: string })[];
  };
  /** Mark a notice as read or unread. */
  'PATCH /api/notices/{notice_id}': {
    params: { notice_id: string };
    body: { read: boolean };
    answer: { id: string; client_id: string; kind: string; severity: 'info' | 'warning' | 'error'; text: string; data: Record<string, unknown>; read_at: string | null; created_at: string };
  };
  /** Mark all notices as read. */
  'POST /api/notices/read-all': {
    answer: { marked: number };
  };
  /** Get where a client is told of what happens. */
  'GET /api/clients/{client_id}/webhook': {
    params: { client_id: string };
    answer: { webhook: { url: string; is_active: boolean; previous_secret_until: string | null; created_at: string; updated_at: string } | null };
  };
  /** Set where a client is told of what happens. */
  'PUT /api/clients/{client_id}/webhook': {
    params: { client_id: string };
    body: { url: string; is_active?: boolean };
    answer: { url: string; is_active: boolean; previous_secret_until: string | null; created_at: string; updated_at: string; secret?: string };
  };
  /** Delete a webhook. */
  'DELETE /api/clients/{client_id}/webhook': {
    params: { client_id: string };
    answer: { message: string };
  };
  /** Change a webhook's secret. */
  'POST /api/clients/{client_id}/webhook/secret': {
    params: { client_id: string };
    answer: { url: string; is_active: boolean; previous_secret_until: string | null; created_at: string; updated_at: string; secret?: string };
  };
  /** Send a test event to a webhook. */
  'POST /api/clients/{client_id}/webhook/test': {
    params: { client_id: string };
    answer: { message: string };
  };
  /** List the text messages and webhooks of a client. */
  'GET /api/clients/{client_id}/deliveries': {
    params: { client_id: string };
    query?: { limit?: number; offset?: number; cursor?: string; kind?: 'sms' | 'webhook'; state?: 'waiting' | 'delivered' | 'failed' | 'dropped'; payloads?: boolean };
    answer: ({ id: string; client_id: string; kind: 'sms' | 'webhook'; recipient: string | null; target_host: string | null; event: string; body: string | null; payload: Record<string, unknown> | null; state: 'waiting' | 'delivered' | 'failed' | 'dropped'; attempts: number; last_error: string | null; next_attempt_at: string | null; created_at: string; settled_at: string | null })[];
  };
  /** Get a text message or webhook with what it carries. */
  'GET /api/clients/{client_id}/deliveries/{delivery_id}': {
    params: { client_id: string; delivery_id: string };
    answer: { id: string; client_id: string; kind: 'sms' | 'webhook'; recipient: string | null; target_host: string | null; event: string; body: string | null; payload: Record<string, unknown> | null; state: 'waiting' | 'delivered' | 'failed' | 'dropped'; attempts: number; last_error: string | null; next_attempt_at: string | null; created_at: string; settled_at: string | null };
  };
  /** Send again what could not be delivered. */
  'POST /api/clients/{client_id}/deliveries/{delivery_id}/retry': {
    params: { client_id: string; delivery_id: string };
    answer: { id: string; client_id: string; kind: 'sms' | 'webhook'; recipient: string | null; target_host: string | null; event: string; body: string | null; payload: Record<string, unknown> | null; state: 'waiting' | 'delivered' | 'failed' | 'dropped'; attempts: number; last_error: string | null; next_attempt_at: string | null; created_at: string; settled_at: string | null };
  };
  /** Get how a client's line behaves. */
  'GET /api/clients/{client_id}/line-settings': {
    params: { client_id: string };
    answer: { notify_numbers: (string)[]; sms_to_callers: boolean; transfer_mode: 'warm' | 'cold'; allowed_countries: (string)[]; keypad_exit: boolean; outbound_enabled: boolean; outbound_from: string; outbound_until: string };
  };
  /** Change how a client's line behaves. */
  'PATCH /api/clients/{client_id}/line-settings': {
    params: { client_id: string };
    body: { notify_numbers?: (string)[]; sms_to_callers?: boolean; transfer_mode?: 'warm' | 'cold'; allowed_countries?: (string)[]; keypad_exit?: boolean; outbound_enabled?: boolean; outbound_from?: string; outbound_until?: string };
    answer: { notify_numbers: (string)[]; sms_to_callers: boolean; transfer_mode: 'warm' | 'cold'; allowed_countries: (string)[]; keypad_exit: boolean; outbound_enabled: boolean; outbound_from: string; outbound_until: string };
  };
  /** Report on a client by day. */
  'GET /api/clients/{client_id}/analytics': {
    params: { client_id: string };
    query: { from: string; until: string };
    answer: { from: string; until: string; totals: { calls: number; minutes: number; bookings: number; messages: number; outcomes: Record<string, number>; cost_microdollars: number }; days: ({ date: string; calls: number; minutes: number; bookings: number; messages: number; outcomes: Record<string, number>; cost_microdollars: number; response_ms: { p50: number | null; p90: number | null; p95: number | null; p99: number | null } })[] };
  };
  /** Count the calls of a client by weekday and hour. */
  'GET /api/clients/{client_id}/analytics/hours': {
    params: { client_id: string };
    query: { from: string; until: string };
    answer: { from: string; until: string; hours: ({ weekday: number; hour: number; calls: number })[] };
  };
  /** List the transfer targets of a client. */
  'GET /api/clients/{client_id}/transfer-targets': {
    params: { client_id: string };
    answer: ({ id: string; client_id: string; name: string; phone_number: string; description: string; position: number; is_active: boolean; created_at: string; updated_at: string })[];
  };
  /** Create a transfer target. */
  'POST /api/clients/{client_id}/transfer-targets': {
    params: { client_id: string };
    body: { name: string; phone_number: string; description?: string; position?: number; is_active?: boolean };
    answer: { id: string; client_id: string; name: string; phone_number: string; description: string; position: number; is_active: boolean; created_at: string; updated_at: string };
  };
  /** Change a transfer target. */
  'PATCH /api/clients/{client_id}/transfer-targets/{target_id}': {
    params: { client_id: string; target_id: string };
    body: { name?: string; phone_number?: string; description?: string; position?: number; is_active?: boolean };
    answer: { id: string; client_id: string; name: string; phone_number: string; description: string; position: number; is_active: boolean; created_at: string; updated_at: string };
  };
  /** Delete a transfer target. */
  'DELETE /api/clients/{client_id}/transfer-targets/{target_id}': {
    params: { client_id: string; target_id: string };
    answer: { message: string };
  };
  /** List voices for a client. */
  'GET /api/clients/{client_id}/voices': {
    params: { client_id: string };
    answer: ({ provider: string; voice_id: string; name: string; model: string; is_default: boolean })[];
  };
  /** Hear a voice. */
  'POST /api/clients/{client_id}/voices/preview': {
    params: { client_id: string };
    body: { text?: string; initial_greeting?: string; disclosure?: string; tts_provider?: string; tts_model?: string; tts_voice_id?: string };
    answer: Blob;
  };
  /** Get a ticket for a test call. */
  'POST /api/clients/{client_id}/test-call': {
    params: { client_id: string };
    answer: { ticket: string; url: string; expires_at: string };
  };
  /** Get what is made of a call once it is over. */
  'GET /api/clients/{client_id}/review-settings': {
    params: { client_id: string };
    answer: { is_enabled: boolean; fields: ({ name: string; type: 'text' | 'number' | 'boolean'; description?: string })[] };
  };
  /** Change what is made of a call once it is over. */
  'PATCH /api/clients/{client_id}/review-settings': {
    params: { client_id: string };
    body: { is_enabled?: boolean; fields?: ({ name: string; type: 'text' | 'number' | 'boolean'; description?: string })[] };
    answer: { is_enabled: boolean; fields: ({ name: string; type: 'text' | 'number' | 'boolean'; description?: string })[] };
  };
  /** List what the receptionist knows. */
  'GET /api/clients/{client_id}/knowledge': {
    params: { client_id: string };
    answer: ({ id: string; client_id: string; title: string; text: string; position: number; created_at: string; updated_at: string })[];
  };
  /** Create a section of knowledge. */
  'POST /api/clients/{client_id}/knowledge': {
    params: { client_id: string };
    body: { title: string; text: string; position?: number };
    answer: { id: string; client_id: string; title: string; text: string; position: number; created_at: string; updated_at: string };
  };
  /** Change a section of knowledge. */
  'PATCH /api/clients/{client_id}/knowledge/{section_id}': {
    params: { client_id: string; section_id: string };
    body: { title?: string; text?: string; position?: number };
    answer: { id: string; client_id: string; title: string; text: string; position: number; created_at: string; updated_at: string };
  };
  /** Delete a section of knowledge. */
  'DELETE /api/clients/{client_id}/knowledge/{section_id}': {
    params: { client_id: string; section_id: string };
    answer: { message: string };
  };
  /** Look something up in the knowledge. */
  'GET /api/clients/{client_id}/knowledge/search': {
    params: { client_id: string };
    query: { q: string };
    answer: ({ title: string; text: string })[];
  };
  /** List a client's own tools. */
  'GET /api/clients/{client_id}/tools': {
    params: { client_id: string };
    answer: ({ id: string; client_id: string; name: string; description: string; url: string; parameters: Record<string, unknown>; method: string; header_names: (string)[]; timeout_ms: number; is_active: boolean; created_at: string; updated_at: string })[];
  };
  /** Create a tool. */
  'POST /api/clients/{client_id}/tools': {
    params: { client_id: string };
    body: { name: string; description: string; url: string; parameters?: Record<string, unknown>; method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; headers?: Record<string, string>; timeout_ms?: number; is_active?: boolean };
    answer: { id: string; client_id: string; name: string; description: string; url: string; parameters: Record<string, unknown>; method: string; header_names: (string)[]; timeout_ms: number; is_active: boolean; created_at: string; updated_at: string };
  };
  /** Change a tool. */
  'PATCH /api/clients/{client_id}/tools/{tool_id}': {
    params: { client_id: string; tool_id: string };
    body: { name?: string; description?: string; url?: string; parameters?: Record<string, unknown>; method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; headers?: Record<string, string>; timeout_ms?: number; is_active?: boolean };
    answer: { id: string; client_id: string; name: string; description: string; url: string; parameters: Record<string, unknown>; method: string; header_names: (string)[]; timeout_ms: number; is_active: boolean; created_at: string; updated_at: string };
  };
  /** Delete a tool. */
  'DELETE /api/clients/{client_id}/tools/{tool_id}': {
    params: { client_id: string; tool_id: string };
    answer: { message: string };
  };
  /** Try a tool. */
  'POST /api/clients/{client_id}/tools/{tool_id}/test': {
    params: { client_id: string; tool_id: string };
    body: { arguments?: Record<string, unknown> };
    answer: { status: number | null; elapsed_ms: number; answer: string; error: string | null };
  };
  /** List the tool servers of a client. */
  'GET /api/clients/{client_id}/mcp-servers': {
    params: { client_id: string };
    answer: ({ id: string; client_id: string; name: string; url: string; header_names: (string)[]; allowed: (string)[] | null; is_active: boolean; tools: ({ name: string; description: string })[]; tools_at: string | null; created_at: string; updated_at: string })[];
  };
  /** Create a tool server. */
  'POST /api/clients/{client_id}/mcp-servers': {
    params: { client_id: string };
    body: { name: string; url: string; headers?: Record<string, string>; allowed?: (string)[] | null; is_active?: boolean };
    answer: { id: string; client_id: string; name: string; url: string; header_names: (string)[]; allowed: (string)[] | null; is_active: boolean; tools: ({ name: string; description: string })[]; tools_at: string | null; created_at: string; updated_at: string };
  };
  /** Change a tool server. */
  'PATCH /api/clients/{client_id}/mcp-servers/{server_id}': {
    params: { client_id: string; server_id: string };
    body: { name?: string; url?: string; headers?: Record<string, string>; allowed?: (string)[] | null; is_active?: boolean };
    answer: { id: string; client_id: string; name: string; url: string; header_names: (string)[]; allowed: (string)[] | null; is_active: boolean; tools: ({ name: string; description: string })[]; tools_at: string | null; created_at: string; updated_at: string };
  };
  /** Delete a tool server. */
  'DELETE /api/clients/{client_id}/mcp-servers/{server_id}': {
    params: { client_id: string; server_id: string };
    answer: { message: string };
  };
  /** Ask a tool server what it offers. */
  'POST /api/clients/{client_id}/mcp-servers/{server_id}/refresh': {
    params: { client_id: string; server_id: string };
    answer: { id: string; client_id: string; name: string; url: string; header_names: (string)[]; allowed: (string)[] | null; is_active: boolean; tools: ({ name: string; description: string })[]; tools_at: string | null; created_at: string; updated_at: string };
  };
  /** List what is sold. */
  'GET /api/billing/packages': {
    answer: ({ id: string; kind: 'top_up' | 'plan'; name: string; description: string; currency: string; amount: number; seconds: number; position: number; is_active: boolean })[];
  };
  /** Sell something new. */
  'POST /api/billing/packages': {
    body: { kind: 'top_up' | 'plan'; name: string; description?: string; currency: string; amount: number; seconds: number; position?: number; is_active?: boolean };
    answer: { id: string; kind: 'top_up' | 'plan'; name: string; description: string; currency: string; amount: number; seconds: number; position: number; is_active: boolean };
  };
  /** List payments that do not fit. */
  'GET /api/billing/problems': {
    answer: ({ id: string; type: string; outcome: 'mismatch' | 'unknown'; detail: Record<string, unknown>; received_at: string })[];
  };
  /** Change what is sold. */
  'PATCH /api/billing/packages/{package_id}': {
    params: { package_id: string };
    body: { name?: string; description?: string; currency?: string; amount?: number; seconds?: number; position?: number; is_active?: boolean };
    answer: { id: string; kind: 'top_up' | 'plan'; name: string; description: string; currency: string; amount: number; seconds: number; position: number; is_active: boolean };
  };
  /** Buy talk time. */
  'POST /api/clients/{client_id}/top-ups': {
    params: { client_id: string };
    body: { package_id: string; save_payment_method?: boolean; return_path?: string };
    answer: { order: { id: string; client_id: string; package_id: string; package_name: string; kind: 'top_up' | 'auto_top_up' | 'plan' | 'plan_change'; currency: string; amount: number; seconds: number; state: 'open' | 'processing' | 'paid' | 'failed' | 'expired' | 'mismatch'; failure: string | null; created_at: string; paid_at: string | null }; url: string };
  };
  /** List the orders of a client. */
  'GET /api/clients/{client_id}/top-ups': {
    params: { client_id: string };
    query?: { limit?: number; offset?: number; cursor?: string };
    answer: ({ id: string; client_id: string; package_id: string; package_name: string; kind: 'top_up' | 'auto_top_up' | 'plan' | 'plan_change'; currency: string; amount: number; seconds: number; state: 'open' | 'processing' | 'paid' | 'failed' | 'expired' | 'mismatch'; failure: string | null; created_at: string; paid_at: string | null })[];
  };
  /** Get an order. */
  'GET /api/clients/{client_id}/top-ups/{order_id}': {
    params: { client_id: string; order_id: string };
    answer: { id: string; client_id: string; package_id: string; package_name: string; kind: 'top_up' | 'auto_top_up' | 'plan' | 'plan_change'; currency: string; amount: number; seconds: number; state: 'open' | 'processing' | 'paid' | 'failed' | 'expired' | 'mismatch'; failure: string | null; created_at: string; paid_at: string | null };
  };
  /** Get the monthly plan of a client. */
  'GET /api/clients/{client_id}/plan': {
    params: { client_id: string };
    answer: { plan: { id: string; package_id: string; package_name: string; currency: string; amount: number; seconds: number; status: string; cancel_at_period_end: boolean; current_period_end: string | null } | null };
  };
  /** Begin a monthly plan. */
  'POST /api/clients/{client_id}/plan': {
    params: { client_id: string };
    body: { package_id: string; return_path?: string };
    answer: { order: { id: string; client_id: string; package_id: string; package_name: string; kind: 'top_up' | 'auto_top_up' | 'plan' | 'plan_change'; currency: string; amount: number; seconds: number; state: 'open' | 'processing' | 'paid' | 'failed' | 'expired' | 'mismatch'; failure: string | null; created_at: string; paid_at: string | null }; url: string };
  };
  /** Change or cancel the monthly plan. */
  'PATCH /api/clients/{client_id}/plan': {
    params: { client_id: string };
    body: { package_id?: string; cancel_at_period_end?: boolean };
    answer: { plan: { id: string; package_id: string; package_name: string; currency: string; amount: number; seconds: number; status: string; cancel_at_period_end: boolean; current_period_end: string | null } | null };
  };
  /** Open the payment service's customer portal. */
  'POST /api/clients/{client_id}/portal': {
    params: { client_id: string };
    body: { return_path?: string };
    answer: { url: string };
  };
  /** List receipts and invoices of a client. */
  'GET /api/clients/{client_id}/receipts': {
    params: { client_id: string };
    answer: ({ kind: 'payment' | 'invoice'; id: string; at: string; amount: number; refunded: number; currency: string; status: string; url: string | null; pdf_url: string | null })[];
  };
  /** Get the automatic top-up of a client. */
  'GET /api/clients/{client_id}/auto-top-up': {
    params: { client_id: string };
    answer: { enabled: boolean; threshold_seconds: number; package_id: string | null; failure: string | null; failed_at: string | null };
  };
  /** Set the automatic top-up of a client. */
  'PATCH /api/clients/{client_id}/auto-top-up': {
    params: { client_id: string };
    body: { enabled?: boolean; threshold_seconds?: number; package_id?: string };
    answer: { enabled: boolean; threshold_seconds: number; package_id: string | null; failure: string | null; failed_at: string | null };
  };
  /** Get the balance of a client. */
  'GET /api/clients/{client_id}/balance': {
    params: { client_id: string };
    answer: { balance_seconds: number; settled_seconds: number; free_seconds: number; debt_seconds: number; running_calls: number; alert_below_seconds: number | null; low_below_seconds: number | null; low: boolean; suspended: boolean };
  };
  /** Read the statement of a client. */
  'GET /api/clients/{client_id}/ledger': {
    params: { client_id: string };
    query?: { limit?: number; before?: number };
    answer: ({ id: number; at: string; kind: 'topup' | 'refund' | 'dispute' | 'reinstate' | 'call' | 'adjust' | 'chat'; seconds: number; balance_after: number; reason: string | null; call: { conversation_id: string | null; caller_phone: string | null; channel: string | null } | null; payment: { order_id: string; order_kind: string; package_name: string; amount: number; currency: string } | null })[];
  };
  /** Export the statement of a client. */
  'GET /api/clients/{client_id}/ledger.csv': {
    params: { client_id: string };
    query?: { from?: string; until?: string };
    answer: string;
  };
  /** Usage of a client by day or month. */
  'GET /api/clients/{client_id}/usage': {
    params: { client_id: string };
    query: { by?: 'day' | 'month'; from: string; until: string };
    answer: ({ date: string; calls: number; call_seconds: number; chat_seconds: number; bought_seconds: number; adjusted_seconds: number })[];
  };
  /** Export the usage of a client. */
  'GET /api/clients/{client_id}/usage.csv': {
    params: { client_id: string };
    query: { by?: 'day' | 'month'; from: string; until: string };
    answer: string;
  };
  /** Report cost and revenue by client. */
  'GET /api/billing/margins': {
    query: { from: string; until: string };
    answer: ({ client_id: string; client_name: string; calls: number; used_seconds: number; costs: ({ vendor: string; unit: 'input_tokens' | 'output_tokens' | 'characters' | 'milliseconds'; quantity: number; microdollars: number })[]; cost_microdollars: number; revenue_microdollars: number | null; margin_microdollars: number | null })[];
  };
  /** Cost and revenue of a call or chat. */
  'GET /api/conversations/{conversation_id}/costs': {
    params: { conversation_id: string };
    answer: { conversation_id: string; client_id: string; billed_seconds: number; costs: ({ vendor: string; unit: 'input_tokens' | 'output_tokens' | 'characters' | 'milliseconds'; quantity: number; microdollars: number })[]; cost_microdollars: number; revenue_microdollars: number | null; margin_microdollars: number | null };
  };
  /** Get how often callers may call. */
  'GET /api/clients/{client_id}/caller-limits': {
    params: { client_id: string };
    answer: { concurrent_max: number; calls_max: number; caller_seconds_max: number | null; client_seconds_max: number | null; block_withheld: boolean };
  };
  /** Change how often callers may call. */
  'PATCH /api/clients/{client_id}/caller-limits': {
    params: { client_id: string };
    body: { concurrent_max?: number; calls_max?: number; caller_seconds_max?: number | null; client_seconds_max?: number | null; block_withheld?: boolean };
    answer: { concurrent_max: number; calls_max: number; caller_seconds_max: number | null; client_seconds_max: number | null; block_withheld: boolean };
  };
  /** List the numbers that are turned away. */
  'GET /api/clients/{client_id}/blocked-callers': {
    params: { client_id: string };
    answer: ({ id: string; client_id: string; phone_number: string; note: string; created_at: string })[];
  };
  /** Turn a number away. */
  'POST /api/clients/{client_id}/blocked-callers': {
    params: { client_id: string };
    body: { phone_number: string; note?: string };
    answer: { id: string; client_id: string; phone_number: string; note: string; created_at: string };
  };
  /** Let a number call again. */
  'DELETE /api/clients/{client_id}/blocked-callers/{blocked_id}': {
    params: { client_id: string; blocked_id: string };
    answer: { message: string };
  };
  /** Transcribe a recording. */
  'POST /api/v1/audio/transcribe': {
    query?: { full_round_trip?: string; language?: string };
    body: string;
    answer: { transcript: string; detected_language: string; llm_response?: string; audio_b64?: string; sample_rate?: number };
  };
  /** Answer a prompt. */
  'POST /api/v1/llm/generate': {
    body: { prompt: string };
    answer: { text: string };
  };
  /** Say a text. */
  'POST /api/v1/tts/speak': {
    body: { text: string; language?: string; voice_id?: string };
    answer: { audio_b64: string; sample_rate: number };
  };
  /** Chat with the receptionist. */
  'POST /chat': {
    body: { type: 'text' | 'audio'; content: string; conversation_id?: string | null; client_id?: string | null };
    answer: { type: 'text' | 'audio'; content: string; conversation_id: string; tools: ({ name: string; arguments: string; result: string; elapsed_ms: number; failed: boolean })[]; ended: boolean; text?: string; transcript?: string; sample_rate?: number };
  };
  /** Start a Vapi session. */
  'POST /api/v1/sessions/vapi/start': {
    body: { patientContext?: { id?: string } };
    answer: { success: true; data: { apiKey: string; assistantId: string; patientContext: { id: string; validatedAt: string } }; message: string };
  };
  /** Get a LiveKit token. */
  'GET /token': {
    query: { room: string; identity: string; name?: string };
    answer: { token: string; room: string; url: string };
  };
  /** Start an agent session. */
  'POST /session': {
    body: { room: string; identity: string; system_prompt?: string };
    answer: { session_id: string; ticket: string };
  };
  /** Stop an agent session. */
  'DELETE /session/{session_id}': {
    params: { session_id: string };
    answer: { stopped: boolean };
  };
  /** Numbers of one conversation. */
  'GET /conversations/analytics/metrics': {
    query: { user_id: string; chat_id: string };
    answer: { message_count: number; user_message_count: number; assistant_message_count: number; average_response_time: number | null; engagement_score: number; first_message_at: string | null; last_message_at: string | null };
  };
  /** Numbers of all conversations. */
  'GET /conversations/analytics/dashboard': {
    query?: { start_date?: string; end_date?: string };
    answer: { total_conversations: number; total_messages: number; active_users: number; average_response_time: number | null };
  };
  /** A report by day. */
  'GET /conversations/analytics/report': {
    query?: { start_date?: string; end_date?: string; format?: 'json' | 'csv' };
    answer: { start_date: string; end_date: string; generated_at: string; total_conversations: number; total_messages: number; active_users: number; average_response_time: number | null; days: ({ date: string; total_conversations: number; total_messages: number; active_users: number; average_response_time: number | null })[] };
  };
  /** List all users. */
  'GET /admin/users': {
    query?: { limit?: number; offset?: number; cursor?: string; q?: string };
    answer: ({ user_id: string; username: string; email: string | null; role: 'user' | 'admin' | 'moderator'; status: 'active' | 'blocked' | 'inactive'; type: 'owner' | 'patient'; created_at: string })[];
  };
  /** Create a user. */
  'POST /admin/users': {
    body: { username: string; email?: string | null; password?: string | null; role?: 'user' | 'admin' | 'moderator'; status?: 'active' | 'blocked' | 'inactive'; type?: 'owner' | 'patient' };
    answer: { user_id: string; username: string; email: string | null; role: 'user' | 'admin' | 'moderator'; status: 'active' | 'blocked' | 'inactive'; type: 'owner' | 'patient'; created_at: string };
  };
  /** Count users. */
  'GET /admin/users/stats': {
    answer: { total_users: number; active_users: number; blocked_users: number; inactive_users: number };
  };
  /** Get a user. */
  'GET /admin/users/{user_id}': {
    params: { user_id: string };
    answer: { user_id: string; username: string; email: string | null; role: 'user' | 'admin' | 'moderator'; status: 'active' | 'blocked' | 'inactive'; type: 'owner' | 'patient'; created_at: string };
  };
  /** Update a user. */
  'PUT /admin/users/{user_id}': {
    params: { user_id: string };
    body: { username?: string; email?: string | null; password?: string | null; role?: 'user' | 'admin' | 'moderator'; status?: 'active' | 'blocked' | 'inactive'; type?: 'owner' | 'patient' };
    answer: { user_id: string; username: string; email: string | null; role: 'user' | 'admin' | 'moderator'; status: 'active' | 'blocked' | 'inactive'; type: 'owner' | 'patient'; created_at: string };
  };
  /** Delete a user. */
  'DELETE /admin/users/{user_id}': {
    params: { user_id: string };
    answer: { message: string };
  };
  /** List conversations of all users. */
  'GET /admin/conversations': {
    query?: { user_id?: string; problems?: boolean; limit?: number; offset?: number; cursor?: string };
    answer: ({ id: string; user_id: string | null; client_id: string | null; client_name: string | null; channel: string; started_at: string; ended_at: string | null; outcome: string | null; quiet_since: string | null; flags: (string)[]; message_count: number })[];
  };
  /** Search conversations. */
  'GET /admin/conversations/search': {
    query: { query: string; limit?: number };
    answer: ({ id: string; user_id: string | null; client_id: string | null; client_name: string | null; channel: string; started_at: string; ended_at: string | null; outcome: string | null; quiet_since: string | null; flags: (string)[]; message_count: number })[];
  };
  /** Get a conversation. */
  'GET /admin/conversations/{conversation_id}': {
    params: { conversation_id: string };
    answer: { id: string; user_id: string | null; client_id: string | null; client_name: string | null; channel: string; started_at: string; ended_at: string | null; outcome: string | null; quiet_since: string | null; flags: (string)[]; message_count: number; messages: ({ role: string; content: string; interrupted: boolean; unheard: string | null; timestamp: string })[] };
  };
  /** Delete a conversation. */
  'DELETE /admin/conversations/{conversation_id}': {
    params: { conversation_id: string };
    answer: { message: string };
  };
  /** Get the bot configuration. */
  'GET /admin/bot/config': {
    answer: { config: { max_file_size: number; supported_languages: (string)[]; system_prompt: string; greeting: string } };
  };
  /** Update the bot configuration. */
  'PUT /admin/bot/config': {
    body: { config: Record<string, unknown> };
    answer: { config: { max_file_size: number; supported_languages: (string)[]; system_prompt: string; greeting: string } };
  };
  /** Get the bot status. */
  'GET /admin/bot/status': {
    answer: { status: 'online'; version: string; uptime: number; active_calls: number; active_commands: number };
  };
  /** Get bot statistics. */
  'GET /admin/bot/stats': {
    answer: { total_conversations: number; total_messages: number; active_users: number; average_response_time: number | null; conversations_by_channel: Record<string, number>; last_24_hours: { conversations: number; messages: number; active_users: number } };
  };
  /** List bot commands. */
  'GET /admin/bot/commands': {
    answer: ({ id: string; name: string; description: string; client_id: string | null; triggers: (string)[]; reply: string | null; tool: string | null; is_active: boolean; created_at: string; updated_at: string })[];
  };
  /** Create a bot command. */
  'POST /admin/bot/commands': {
    body: { name: string; description?: string; client_id?: string | null; triggers: (string)[]; reply?: string | null; tool?: 'get_available_slots' | 'transfer_call' | 'end_call' | null; is_active?: boolean };
    answer: { id: string; name: string; description: string; client_id: string | null; triggers: (string)[]; reply: string | null; tool: string | null; is_active: boolean; created_at: string; updated_at: string };
  };
  /** Update a bot command. */
  'PUT /admin/bot/commands/{command_id}': {
    params: { command_id: string };
    body: { name?: string; description?: string; client_id?: string | null; triggers?: (string)[]; reply?: string | null; tool?: 'get_available_slots' | 'transfer_call' | 'end_call' | null; is_active?: boolean };
    answer: { id: string; name: string; description: string; client_id: string | null; triggers: (string)[]; reply: string | null; tool: string | null; is_active: boolean; created_at: string; updated_at: string };
  };
  /** Delete a bot command. */
  'DELETE /admin/bot/commands/{command_id}': {
    params: { command_id: string };
    answer: { message: string };
  };
  /** Get the system configuration. */
  'GET /admin/config': {
    answer: { config: { chat_turn_seconds: number; chat_audio_turn_seconds: number; daily_allowance_seconds: number; anonymous_allowance_seconds: number; session_seconds_max: number; llm_model: string; stt_model: string; tts_provider: string; tts_voice_id: string } };
  };
  /** Update the system configuration. */
  'PUT /admin/config': {
    body: { config: Record<string, unknown> };
    answer: { config: { chat_turn_seconds: number; chat_audio_turn_seconds: number; daily_allowance_seconds: number; anonymous_allowance_seconds: number; session_seconds_max: number; llm_model: string; stt_model: string; tts_provider: string; tts_voice_id: string } };
  };
  /** Who changed the system configuration. */
  'GET /admin/config/history': {
    query?: { limit?: number; offset?: number; cursor?: string };
    answer: ({ id: number; key: string; before: unknown; after: unknown; changed_by: string | null; changed_by_name: string; changed_at: string })[];
  };
  /** Who changed the bot configuration. */
  'GET /admin/bot/config/history': {
    query?: { limit?: number; offset?: number; cursor?: string };
    answer: ({ id: number; key: string; before: unknown; after: unknown; changed_by: string | null; changed_by_name: string; changed_at: string })[];
  };
  /** Health of all services. */
  'GET /admin/monitoring/services': {
    answer: { gateway: { healthy: boolean; uptime: number; state: string; latency_ms: number | null }; stt: { healthy: boolean; uptime: number; state: string; latency_ms: number | null }; tts: { healthy: boolean; uptime: number; state: string; latency_ms: number | null }; llm: { healthy: boolean; uptime: number; state: string; latency_ms: number | null } };
  };
  /** System metrics. */
  'GET /admin/monitoring/metrics': {
    answer: { uptime: number; active_calls: number; memory: { rss_bytes: number; heap_used_bytes: number }; cpu: { user_seconds: number; system_seconds: number }; event_loop_delay_ms: { mean: number; p99: number; max: number }; vendors: ({ service: string; vendor: string; successes: number; failures: number; in_use: boolean })[]; timestamp: string };
  };
  /** Overall system health. */
  'GET /admin/monitoring/health': {
    answer: { status: 'healthy' | 'degraded' | 'unhealthy'; database: 'online' | 'offline'; services: { gateway: { healthy: boolean; uptime: number; state: string; latency_ms: number | null }; stt: { healthy: boolean; uptime: number; state: string; latency_ms: number | null }; tts: { healthy: boolean; uptime: number; state: string; latency_ms: number | null }; llm: { healthy: boolean; uptime: number; state: string; latency_ms: number | null } }; uptime: number; timestamp: string };
  };
}
