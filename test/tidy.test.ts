// Holds the project's shape: every file keeps the rules of support/tidy-rules.ts, has its test, and can be installed.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { missingFromLock } from '../scripts/lock-file.ts';
import type { LockFile } from '../scripts/lock-file.ts';
import { complaints } from './support/tidy-rules.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Files of `src` without a test of their own: those in which nothing runs, and parts that the test of a whole covers. */
const testedWith: Readonly<Record<string, readonly string[]>> = {
  'nothing runs': [
    'start/frontdesk-parts.ts',
    'pipeline/types.ts',
    'pipeline/call-parts.ts',
    'pipeline/hearing/caller-event.ts',
    'calendar/types.ts',
    'calendar/google/google-calls.ts',
    'billing/payments/till.ts',
  ],
  'test/http/routes/money/auto-top-up.test.ts': [
    'billing/payments/auto-top-up.ts',
    'store/money/billing-accounts.ts',
    'store/money/packages.ts',
  ],
  'test/http/routes/admin/margins.test.ts': ['store/money/costs.ts'],
  'test/trust/dial-circles.test.ts': [
    'http/schemas/circles.ts',
    'store/calls/fallback-dials.ts',
    'store/clients/dial-circles.ts',
  ],
  'test/http/routes/owner/speech-budget.test.ts': ['reception/stored-speech/speech-budget.ts'],
  'test/billing/payments/stripe.test.ts': ['billing/payments/stripe-shapes.ts'],
  'test/http/routes/money/plans.test.ts': [
    'billing/payments/plans.ts',
    'store/money/subscriptions.ts',
  ],
  'test/http/routes/money/statement.test.ts': [
    'http/schemas/day.ts',
    'http/schemas/table.ts',
    'store/money/statement.ts',
  ],
  'test/http/routes/money/top-ups.test.ts': [
    'billing/payments/checkout.ts',
    'billing/owner-news.ts',
    'billing/payments/stripe-events.ts',
    'http/billing-parts.ts',
    'http/billing-routes.ts',
    'start/open-till.ts',
    'store/money/orders.ts',
  ],
  'test/trust/payments.test.ts': ['http/routes/money/stripe-webhook.ts', 'store/money/payments.ts'],
  'test/billing/payments/reconcile.test.ts': [
    'billing/payments/money-rounds.ts',
    'store/service/job-runs.ts',
  ],
  'test/calendar/google/google.test.ts': [
    'calendar/google/google-accounts.ts',
    'calendar/open-calendar.ts',
    'store/calendar/calendar-credentials.ts',
    'store/calendar/calendar-links.ts',
  ],
  'test/calendar/wording/spoken-time.test.ts': ['calendar/wording/moment-phrases.ts'],
  'test/calendar/messages/reminders.test.ts': ['store/calendar/booking-reminders.ts'],
  'test/trust/google-races.test.ts': [
    'calendar/messages/booking-messages.ts',
    'calendar/google/google-sync.ts',
    'calendar/google/link-trouble.ts',
    'calendar/google/outside-booking.ts',
    'calendar/google/outside-change.ts',
    'calendar/google/outside-checks.ts',
    'calendar/google/outside-event.ts',
    'calendar/google/reconciler.ts',
    'store/calendar/google-busy.ts',
    'store/calendar/unfinished-bookings.ts',
  ],
  'test/http/routes/calendar/calendar.test.ts': [
    'calendar/google/connecting.ts',
    'calendar/messages/invitation.ts',
    'calendar/google/service-account.ts',
    'http/routes/calendar/calendar-connection.ts',
    'http/routes/calendar/calendar-feed.ts',
    'http/routes/calendar/calendar-view.ts',
    'start/calendars.ts',
    'store/calendar/calendar-feeds.ts',
    'store/calendar/calendar-week.ts',
    'store/calendar/ics-bookings.ts',
  ],
  'test/trust/calendar-consent.test.ts': [
    'http/identity/calendar-cookie.ts',
    'http/routes/calendar/calendar-callback.ts',
    'store/calendar/calendar-oauth-states.ts',
  ],
  'test/calendar/google/google-api.test.ts': [
    'calendar/google/google-endpoints.ts',
    'calendar/google/google-faults.ts',
    'calendar/google/google-oauth.ts',
  ],
  'test/http/api.test.ts': ['http/schemas/schemas.ts', 'start/routes/api-parts.ts'],
  'test/http/every-request/idempotency.test.ts': ['store/service/idempotency.ts'],
  'test/delivery/outbox-worker.test.ts': ['delivery/tell.ts', 'store/calendar/booking-changes.ts'],
  'test/reception/tools/transfers.test.ts': ['store/calls/transfers.ts'],
  'test/reception/doors/chat.test.ts': ['reception/doors/chat-sessions.ts'],
  'test/http/routes/carrier/transfer-webhooks.test.ts': [
    'http/carrier/connect-answer.ts',
    'start/routes/dialling.ts',
  ],
  'test/http/routes/owner/recordings.test.ts': [
    'reception/calls/watched-line.ts',
    'start/recordings.ts',
  ],
  'test/recording/keeper.test.ts': ['store/calls/recordings.ts'],
  'test/recording/playback.test.ts': ['recording/shelf.ts'],
  'test/http/routes/service/health.test.ts': ['start/services.ts'],
  'test/reception/stored-speech/voice-clips.test.ts': ['start/renew-clips.ts'],
  'test/reception/stored-speech/owed-clips.test.ts': ['store/clients/clips-due.ts'],
  'test/http/routes/owner/outbound-calls.test.ts': [
    'pipeline/machines/machines.ts',
    'http/routes/owner/call-consents.ts',
    'http/carrier/parties.ts',
    'http/routes/carrier/outbound-webhooks.ts',
    'reception/outbound/outbound-side.ts',
    'reception/outbound/outbound.ts',
    'store/calls/call-consents.ts',
    'store/calls/outbound-calls.ts',
  ],
  'test/http/routes/owner/webhooks.test.ts': [
    'http/routes/owner/line-settings.ts',
    'http/routes/owner/notices.ts',
    'http/routes/carrier/sms.ts',
    'store/clients/line-settings.ts',
    'store/calls/sms-opt-outs.ts',
    'store/clients/webhook-endpoints.ts',
  ],
  'test/http/matrix.test.ts': [
    'http/owner-routes.ts',
    'http/every-request/require-client.ts',
    'http/schemas/wire.ts',
  ],
  'test/http/routes/owner/active-calls.test.ts': [
    'reception/records/live-events.ts',
    'store/calls/active-calls.ts',
    'store/service/live-notices.ts',
  ],
  'test/http/routes/calendar/bookings.test.ts': [
    'http/routes/owner/messages.ts',
    'http/routes/owner/transfer-targets.ts',
    'store/calendar/booking-list.ts',
    'store/clients/transfer-targets.ts',
  ],
  'test/http/routes/owner/clients.test.ts': [
    'http/schemas/client-settings.ts',
    'http/schemas/hours-schema.ts',
    'http/schemas/fields.ts',
    'http/routes/admin/adjustments.ts',
  ],
  'test/http/routes/owner/owner-tools.test.ts': [
    'http/routes/owner/mcp-servers.ts',
    'http/schemas/tool-target.ts',
    'store/clients/owner-tools.ts',
  ],
  'test/http/routes/owner/contacts.test.ts': ['store/calls/contacts.ts'],
  'test/http/routes/owner/conversations.test.ts': [
    'http/schemas/conversation-filter.ts',
    'http/schemas/conversation-schemas.ts',
    'http/schemas/moment.ts',
    'http/routes/owner/analytics.ts',
    'http/routes/owner/conversations-table.ts',
    'store/conversations/analytics.ts',
    'store/conversations/busy-hours.ts',
  ],
  'test/store/clients/owned-clients.test.ts': ['store/database/keyset.ts'],
  'test/http/routes/admin/admin.test.ts': [
    'http/routes/admin/admin-config.ts',
    'http/routes/admin/admin-conversations.ts',
    'http/routes/admin/admin-users.ts',
    'http/routes/admin/monitoring.ts',
    'store/accounts/admin-users.ts',
  ],
  'test/http/routes/admin/admin-bot.test.ts': ['store/service/bot-commands.ts'],
  'test/http/routes/owner/conversation-analytics.test.ts': [
    'store/conversations/conversation-metrics.ts',
  ],
  'test/http/routes/service/metrics.test.ts': ['lib/metrics.ts', 'reception/records/stages.ts'],
  'test/telephony/room-line.test.ts': ['telephony/livekit-audio.ts'],
  'test/telephony/twilio-line.test.ts': ['telephony/line.ts'],
  'test/reception/doors/admit-session.test.ts': ['store/accounts/session-grants.ts'],
  'test/calendar/built-in.test.ts': ['calendar/own-table.ts'],
  'test/http/routes/doors/voice-sessions.test.ts': [
    'http/routes/doors/transcript-stream.ts',
    'store/accounts/voice-sessions.ts',
    'telephony/livekit-room.ts',
  ],
  'test/http/routes/doors/gateway.test.ts': [
    'reception/doors/gateway.ts',
    'start/recording-door.ts',
  ],
  'test/http/routes/doors/chat.test.ts': [
    'http/door-routes.ts',
    'reception/doors/payer.ts',
    'start/routes/doors.ts',
  ],
  'test/reception/settings.test.ts': ['store/service/settings.ts'],
  'test/http/every-request/rate-limit.test.ts': ['store/service/rate-limits.ts'],
  'test/http/routes/owner/overview.test.ts': ['store/clients/overview.ts'],
  'test/http/routes/accounts/google-sign-in.test.ts': [
    'http/identity/google-identity.ts',
    'store/accounts/oauth-states.ts',
  ],
  'test/http/routes/doors/history.test.ts': ['store/conversations/history.ts'],
  'test/http/routes/accounts/session.test.ts': ['http/identity/sign-in.ts'],
  'test/http/routes/accounts/users.test.ts': ['http/schemas/user-schemas.ts'],
  'test/trust/bad-input.test.ts': ['http/every-request/validation.ts'],
  'test/trust/open-sockets.test.ts': ['http/every-request/kept-socket.ts'],
  'test/trust/sessions.test.ts': [
    'http/every-request/security.ts',
    'store/accounts/credentials.ts',
    'store/accounts/sessions.ts',
  ],
  'test/trust/tokens.test.ts': ['http/identity/auth.ts', 'store/accounts/refresh-tokens.ts'],
  'test/pipeline/languages/find-language.test.ts': [
    'pipeline/languages/english.ts',
    'pipeline/languages/french.ts',
    'pipeline/languages/german.ts',
    'pipeline/languages/italian.ts',
    'pipeline/languages/language.ts',
    'pipeline/languages/portuguese.ts',
    'pipeline/languages/spanish.ts',
  ],
  'test/pipeline/spoken-form/spoken-calls.test.ts': [
    'pipeline/spoken-form/amounts.ts',
    'pipeline/spoken-form/number-rules.ts',
    'pipeline/spoken-form/phone-rules.ts',
    'pipeline/spoken-form/roman-rules.ts',
  ],
  'test/pipeline/spoken-form/spoken-fragments.test.ts': [
    'pipeline/spoken-form/markup-rules.ts',
    'pipeline/spoken-form/sign-rules.ts',
  ],
  'test/pipeline/spoken-form/spoken-form.test.ts': [
    'pipeline/spoken-form/cardinals.ts',
    'pipeline/spoken-form/english.ts',
    'pipeline/spoken-form/french.ts',
    'pipeline/spoken-form/german.ts',
    'pipeline/spoken-form/italian.ts',
    'pipeline/spoken-form/portuguese.ts',
    'pipeline/spoken-form/rule.ts',
    'pipeline/spoken-form/spoken-dates.ts',
    'pipeline/spoken-form/spanish.ts',
    'pipeline/spoken-form/speaking-words.ts',
  ],
  'test/stories/endings.test.ts': ['pipeline/call-ending.ts'],
  'test/stories/turns.test.ts': [
    'pipeline/call-events.ts',
    'pipeline/call-floor.ts',
    'pipeline/call-toolbox.ts',
    'pipeline/call-turns.ts',
    'pipeline/call.ts',
    'pipeline/hearing/ear.ts',
    'pipeline/thinking/think.ts',
    'pipeline/turn.ts',
  ],
  'test/pipeline/llm/openai.test.ts': [
    'pipeline/llm/chat-messages.ts',
    'pipeline/llm/tool-call-pieces.ts',
  ],
  'test/pipeline/stt/deepgram.test.ts': [
    'pipeline/stt/listening.ts',
    'pipeline/stt/open-recogniser.ts',
    'pipeline/stt/recogniser.ts',
  ],
  'test/pipeline/tts/cartesia.test.ts': [
    'pipeline/tts/open-voice.ts',
    'pipeline/tts/utterance.ts',
    'pipeline/tts/voice-socket.ts',
    'pipeline/tts/voice.ts',
  ],
  'test/pipeline/realtime/run-realtime-call.test.ts': [
    'pipeline/realtime/realtime-reply.ts',
    'pipeline/realtime/speech-to-speech.ts',
    'reception/calls/run-chosen-call.ts',
  ],
  'test/stories/voicemail.test.ts': ['pipeline/giving-up.ts', 'pipeline/voicemail.ts'],
  'test/reception/stored-speech/audio-messages.test.ts': ['store/calls/message-audio.ts'],
  'test/pipeline/tts/deepgram-aura.test.ts': [
    'lib/keep-alive.ts',
    'pipeline/http-vendor.ts',
    'pipeline/tts/http-voice.ts',
  ],
  'test/billing/metering/meter.test.ts': [
    'billing/metering/meter-timers.ts',
    'billing/metering/running-lease.ts',
    'billing/metering/settlement.ts',
    'billing/metering/settlement-journal.ts',
  ],
  'test/billing/metering/reaper.test.ts': ['billing/metering/audit.ts'],
  'test/store/database/embedded/embedded.test.ts': [
    'store/database/embedded/binaries.ts',
    'store/database/embedded/home.ts',
    'store/database/embedded/lock.ts',
    'store/database/embedded/server.ts',
    'store/database/embedded/socket.ts',
    'store/database/embedded/user.ts',
  ],
  'test/store/database/sql.test.ts': [
    'store/database/array-types.ts',
    'store/database/sql-socket.ts',
    'store/database/store-error.ts',
  ],
  'test/store/money/ledger-entries.test.ts': ['store/database/application-role.ts'],
  'test/start/open-dashboard.test.ts': [
    'start/build-dashboard.ts',
    'start/dashboard-places.ts',
    'start/runtime-flags.ts',
  ],
  'test/start/frontdesk.test.ts': [
    'http/server.ts',
    'reception/calls/answer.ts',
    'reception/calls/call-past.ts',
    'start/background.ts',
    'start/call-taker.ts',
    'start/routes/carrier-parts.ts',
    'start/foundation.ts',
    'start/routes/owner-parts.ts',
    'start/vendors.ts',
  ],
  'test/reception/tools/caller-memory.test.ts': ['store/calls/caller-memory.ts'],
  'test/reception/tools/knowledge.test.ts': ['store/clients/knowledge.ts'],
  'test/reception/records/reviewer.test.ts': ['store/conversations/reviews.ts'],
  'test/trust/floods.test.ts': ['http/routes/owner/callers.ts', 'store/calls/caller-limits.ts'],
  'test/billing/low-balance.test.ts': ['store/money/low-balances.ts'],
  'test/http/routes/owner/missed-callers.test.ts': ['http/carrier/call-states.ts'],
  'test/trust/toll-fraud.test.ts': ['http/schemas/dialable.ts'],
  'test/trust/forgery.test.ts': [
    'http/carrier/carrier-signature.ts',
    'http/routes/carrier/voice.ts',
  ],
  'test/trust/drain.test.ts': ['start/another-process.ts', 'start/drain-calls.ts'],
  'test/trust/killed-calls.test.ts': ['main.ts', 'start/prepare-database.ts'],
  'test/trust/lost-lines.test.ts': [
    'http/routes/carrier/media-stream.ts',
    'reception/calls/admit.ts',
  ],
};

const folders = ['src', 'sandbox', 'scripts', 'bench', 'test', 'sql'];
/** Faults are planted here. */
const planted = 'test/tidy-rules.test.ts';

function listFiles(): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        `${folder}/${file}`.replaceAll('\\', '/'),
      ),
    )
    .filter((file) => /\.(tsx?|sql)$/.test(file))
    .toSorted();
}

const files = listFiles();

test('every file keeps the rules', () => {
  const found = files
    .filter((file) => file !== planted)
    .flatMap((file) =>
      complaints(file, readFileSync(join(root, file), 'utf8')).map((rule) => `${file}: ${rule}`),
    );
  assert.deepEqual(found, []);
});

test('every file of src has its test, or is covered by that of a whole', () => {
  const sources = files.filter((file) => file.startsWith('src/') && !file.endsWith('.d.ts'));
  const without = sources
    .map((file) => file.slice('src/'.length))
    // Pages run in a browser only: the tests in test/dashboard open every one.
    .filter((file) => !file.startsWith('dashboard/'))
    .filter((file) => !files.includes(`test/${file.replace(/\.tsx?$/, '.test.ts')}`));
  const covered = Object.values(testedWith).flat();
  assert.deepEqual(
    without.filter((file) => !covered.includes(file)),
    [],
  );
  assert.deepEqual(
    covered.filter((file) => !without.includes(file)),
    [],
    'these have a test now, or are gone: take them off the list',
  );
  const tests = Object.keys(testedWith).filter((name) => name !== 'nothing runs');
  assert.deepEqual(
    tests.filter((name) => !files.includes(name)),
    [],
    'these tests are gone',
  );
});

test('the lock file lists the binaries of every platform: `npm ci` refuses it otherwise', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  assert.deepEqual(missingFromLock(lock), [], 'run: node scripts/complete-lock.ts');
  const { 'node_modules/@deno/darwin-arm64': one, ...packages } = lock.packages;
  assert.ok(one);
  assert.deepEqual(
    missingFromLock({ packages }).map(({ name }) => name),
    ['@deno/darwin-arm64'],
  );
});
