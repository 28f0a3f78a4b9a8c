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
    'pipeline/caller-event.ts',
    'calendar/types.ts',
    'calendar/google/google-calls.ts',
    'billing/till.ts',
  ],
  'test/http/routes/auto-top-up.test.ts': [
    'billing/auto-top-up.ts',
    'store/billing-accounts.ts',
    'store/packages.ts',
  ],
  'test/http/routes/margins.test.ts': ['store/costs.ts'],
  'test/http/routes/plans.test.ts': ['billing/plans.ts', 'store/subscriptions.ts'],
  'test/http/routes/statement.test.ts': ['http/day.ts', 'store/statement.ts'],
  'test/http/routes/top-ups.test.ts': [
    'billing/checkout.ts',
    'billing/owner-news.ts',
    'billing/stripe-events.ts',
    'http/billing-parts.ts',
    'http/billing-routes.ts',
    'start/open-till.ts',
    'store/orders.ts',
  ],
  'test/trust/payments.test.ts': ['http/routes/stripe-webhook.ts', 'store/payments.ts'],
  'test/billing/reconcile.test.ts': ['billing/money-rounds.ts', 'store/job-runs.ts'],
  'test/calendar/google/google.test.ts': [
    'calendar/google/google-accounts.ts',
    'calendar/open-calendar.ts',
    'store/calendar-credentials.ts',
    'store/calendar-links.ts',
  ],
  'test/calendar/reminders.test.ts': ['store/booking-reminders.ts'],
  'test/trust/google-races.test.ts': [
    'calendar/booking-messages.ts',
    'calendar/google/google-sync.ts',
    'calendar/google/link-trouble.ts',
    'calendar/google/outside-booking.ts',
    'calendar/google/outside-change.ts',
    'calendar/google/outside-checks.ts',
    'calendar/google/outside-event.ts',
    'calendar/google/reconciler.ts',
    'store/google-busy.ts',
    'store/unfinished-bookings.ts',
  ],
  'test/http/routes/calendar.test.ts': [
    'calendar/google/connecting.ts',
    'calendar/ics.ts',
    'calendar/invitation.ts',
    'calendar/google/service-account.ts',
    'http/routes/calendar-connection.ts',
    'http/routes/calendar-feed.ts',
    'http/routes/calendar-view.ts',
    'start/calendars.ts',
    'store/calendar-feeds.ts',
    'store/calendar-week.ts',
    'store/ics-bookings.ts',
  ],
  'test/trust/calendar-consent.test.ts': [
    'http/calendar-cookie.ts',
    'http/routes/calendar-callback.ts',
    'store/calendar-oauth-states.ts',
  ],
  'test/calendar/google/google-api.test.ts': [
    'calendar/google/google-endpoints.ts',
    'calendar/google/google-faults.ts',
    'calendar/google/google-oauth.ts',
  ],
  'test/http/api.test.ts': ['http/schemas.ts', 'start/routes/api-parts.ts'],
  'test/http/idempotency.test.ts': ['store/idempotency.ts'],
  'test/delivery/outbox-worker.test.ts': ['delivery/tell.ts', 'store/booking-changes.ts'],
  'test/reception/transfers.test.ts': ['store/transfers.ts'],
  'test/http/routes/transfer-webhooks.test.ts': [
    'http/connect-answer.ts',
    'start/routes/dialling.ts',
  ],
  'test/http/routes/recordings.test.ts': [
    'reception/watched-line.ts',
    'recording/recorder.ts',
    'start/recordings.ts',
  ],
  'test/recording/keeper.test.ts': ['store/recordings.ts'],
  'test/recording/playback.test.ts': ['recording/shelf.ts'],
  'test/http/routes/health.test.ts': ['start/services.ts'],
  'test/reception/voice-clips.test.ts': ['start/renew-clips.ts'],
  'test/reception/owed-clips.test.ts': ['store/clips-due.ts'],
  'test/http/routes/outbound-calls.test.ts': [
    'pipeline/machines.ts',
    'http/routes/call-consents.ts',
    'http/parties.ts',
    'http/routes/outbound-webhooks.ts',
    'reception/outbound-side.ts',
    'reception/outbound.ts',
    'store/call-consents.ts',
    'store/outbound-calls.ts',
  ],
  'test/http/routes/webhooks.test.ts': [
    'http/routes/deliveries.ts',
    'http/routes/line-settings.ts',
    'http/routes/notices.ts',
    'http/routes/sms.ts',
    'store/line-settings.ts',
    'store/sms-opt-outs.ts',
    'store/webhook-endpoints.ts',
  ],
  'test/http/matrix.test.ts': ['http/owner-routes.ts', 'http/require-client.ts', 'http/wire.ts'],
  'test/http/routes/active-calls.test.ts': [
    'reception/live-events.ts',
    'store/active-calls.ts',
    'store/live-notices.ts',
  ],
  'test/http/routes/bookings.test.ts': [
    'http/routes/messages.ts',
    'http/routes/transfer-targets.ts',
    'store/booking-list.ts',
    'store/transfer-targets.ts',
  ],
  'test/http/routes/clients.test.ts': [
    'http/client-settings.ts',
    'http/hours-schema.ts',
    'http/fields.ts',
    'http/routes/adjustments.ts',
  ],
  'test/http/routes/owner-tools.test.ts': [
    'http/routes/mcp-servers.ts',
    'http/tool-target.ts',
    'store/owner-tools.ts',
  ],
  'test/http/routes/contacts.test.ts': ['store/contacts.ts'],
  'test/http/routes/conversations.test.ts': [
    'http/conversation-schemas.ts',
    'http/moment.ts',
    'http/routes/analytics.ts',
    'store/analytics.ts',
    'store/busy-hours.ts',
  ],
  'test/store/owned-clients.test.ts': ['store/keyset.ts'],
  'test/http/routes/admin.test.ts': [
    'http/routes/admin-config.ts',
    'http/routes/admin-conversations.ts',
    'http/routes/admin-users.ts',
    'http/routes/monitoring.ts',
    'reception/service-probes.ts',
    'store/admin-users.ts',
  ],
  'test/http/routes/admin-bot.test.ts': ['store/bot-commands.ts'],
  'test/http/routes/conversation-analytics.test.ts': ['store/conversation-metrics.ts'],
  'test/http/routes/metrics.test.ts': ['lib/metrics.ts', 'reception/stages.ts'],
  'test/telephony/room-line.test.ts': ['telephony/livekit-audio.ts'],
  'test/telephony/twilio-line.test.ts': ['telephony/line.ts'],
  'test/http/routes/voice-sessions.test.ts': [
    'http/routes/transcript-stream.ts',
    'reception/admit-session.ts',
    'store/voice-sessions.ts',
    'telephony/livekit-room.ts',
  ],
  'test/http/routes/gateway.test.ts': ['reception/gateway.ts', 'start/recording-door.ts'],
  'test/http/routes/chat.test.ts': [
    'http/door-routes.ts',
    'reception/chat.ts',
    'reception/payer.ts',
    'start/routes/doors.ts',
  ],
  'test/reception/settings.test.ts': ['store/settings.ts'],
  'test/http/rate-limit.test.ts': ['store/rate-limits.ts'],
  'test/http/routes/overview.test.ts': ['store/overview.ts'],
  'test/http/routes/google-sign-in.test.ts': ['http/google-identity.ts', 'store/oauth-states.ts'],
  'test/http/routes/history.test.ts': ['store/history.ts'],
  'test/http/routes/session.test.ts': ['http/sign-in.ts'],
  'test/http/routes/users.test.ts': ['http/user-schemas.ts'],
  'test/trust/bad-input.test.ts': ['http/validation.ts'],
  'test/trust/sessions.test.ts': ['http/security.ts', 'store/credentials.ts', 'store/sessions.ts'],
  'test/trust/tokens.test.ts': ['http/auth.ts', 'store/refresh-tokens.ts'],
  'test/pipeline/languages/find-language.test.ts': [
    'pipeline/languages/english.ts',
    'pipeline/languages/french.ts',
    'pipeline/languages/german.ts',
    'pipeline/languages/italian.ts',
    'pipeline/languages/language.ts',
    'pipeline/languages/portuguese.ts',
    'pipeline/languages/spanish.ts',
  ],
  'test/pipeline/spoken-form/spoken-form.test.ts': [
    'pipeline/spoken-form/cardinals.ts',
    'pipeline/spoken-form/english.ts',
    'pipeline/spoken-form/french.ts',
    'pipeline/spoken-form/german.ts',
    'pipeline/spoken-form/italian.ts',
    'pipeline/spoken-form/portuguese.ts',
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
    'pipeline/ear.ts',
    'pipeline/think.ts',
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
    'reception/run-chosen-call.ts',
  ],
  'test/stories/voicemail.test.ts': ['pipeline/giving-up.ts', 'pipeline/voicemail.ts'],
  'test/reception/audio-messages.test.ts': ['store/message-audio.ts'],
  'test/pipeline/tts/deepgram-aura.test.ts': [
    'lib/keep-alive.ts',
    'pipeline/http-vendor.ts',
    'pipeline/tts/http-voice.ts',
  ],
  'test/billing/meter.test.ts': [
    'billing/meter-timers.ts',
    'billing/running-lease.ts',
    'billing/settlement.ts',
    'billing/settlement-journal.ts',
  ],
  'test/billing/reaper.test.ts': ['billing/audit.ts'],
  'test/store/embedded/embedded.test.ts': [
    'store/embedded/binaries.ts',
    'store/embedded/home.ts',
    'store/embedded/lock.ts',
    'store/embedded/server.ts',
    'store/embedded/socket.ts',
    'store/embedded/user.ts',
  ],
  'test/store/sql.test.ts': ['store/array-types.ts', 'store/sql-socket.ts', 'store/store-error.ts'],
  'test/store/ledger-entries.test.ts': ['store/application-role.ts'],
  'test/start/open-dashboard.test.ts': [
    'start/build-dashboard.ts',
    'start/dashboard-places.ts',
    'start/runtime-flags.ts',
  ],
  'test/start/frontdesk.test.ts': [
    'http/server.ts',
    'reception/answer.ts',
    'start/background.ts',
    'start/call-taker.ts',
    'start/routes/carrier-parts.ts',
    'start/foundation.ts',
    'start/routes/owner-parts.ts',
    'start/vendors.ts',
  ],
  'test/reception/caller-memory.test.ts': ['store/caller-memory.ts'],
  'test/reception/knowledge.test.ts': ['store/knowledge.ts'],
  'test/reception/reviewer.test.ts': ['store/reviews.ts'],
  'test/trust/floods.test.ts': ['http/routes/callers.ts', 'store/caller-limits.ts'],
  'test/billing/low-balance.test.ts': ['store/low-balances.ts'],
  'test/http/routes/missed-callers.test.ts': ['http/call-states.ts'],
  'test/trust/forgery.test.ts': ['http/carrier-signature.ts', 'http/routes/voice.ts'],
  'test/trust/drain.test.ts': ['start/another-process.ts', 'start/drain-calls.ts'],
  'test/trust/killed-calls.test.ts': ['main.ts', 'start/prepare-database.ts'],
  'test/trust/lost-lines.test.ts': ['http/routes/media-stream.ts', 'reception/admit.ts'],
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
