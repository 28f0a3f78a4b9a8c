// What owners run their businesses with: one route file for each subject.

import type { FastifyPluginAsync } from 'fastify';
import type { BillingRouteParts } from './billing-parts.ts';
import { billingRoutes } from './billing-routes.ts';
import { activeCallRoutes } from './routes/owner/active-calls.ts';
import type { ActiveCallRoutesParts } from './routes/owner/active-calls.ts';
import { adjustmentRoutes } from './routes/admin/adjustments.ts';
import { analyticsRoutes } from './routes/owner/analytics.ts';
import { bookingRoutes } from './routes/calendar/bookings.ts';
import type { BookingRoutesParts } from './routes/calendar/bookings.ts';
import { calendarCallbackRoutes } from './routes/calendar/calendar-callback.ts';
import type { CalendarCallbackParts } from './routes/calendar/calendar-callback.ts';
import { calendarConnectionRoutes } from './routes/calendar/calendar-connection.ts';
import { calendarFeedRoutes, calendarFileRoutes } from './routes/calendar/calendar-feed.ts';
import { calendarViewRoutes } from './routes/calendar/calendar-view.ts';
import { clientRoutes } from './routes/owner/clients.ts';
import type { ClientRoutesParts } from './routes/owner/clients.ts';
import { callerRoutes } from './routes/owner/callers.ts';
import { contactRoutes } from './routes/owner/contacts.ts';
import { conversationTableRoutes } from './routes/owner/conversations-table.ts';
import { conversationRoutes } from './routes/owner/conversations.ts';
import { knowledgeRoutes } from './routes/owner/knowledge.ts';
import { deliveryRoutes } from './routes/owner/deliveries.ts';
import { lineSettingsRoutes } from './routes/owner/line-settings.ts';
import { messageRoutes } from './routes/owner/messages.ts';
import { noticeRoutes } from './routes/owner/notices.ts';
import { mcpServerRoutes } from './routes/owner/mcp-servers.ts';
import { ownerToolRoutes } from './routes/owner/owner-tools.ts';
import type { OwnerToolRoutesParts } from './routes/owner/owner-tools.ts';
import { callConsentRoutes } from './routes/owner/call-consents.ts';
import { outboundRoutes } from './routes/owner/outbound-calls.ts';
import type { OutboundRoutesParts } from './routes/owner/outbound-calls.ts';
import { recordingRoutes } from './routes/owner/recordings.ts';
import type { RecordingRoutesParts } from './routes/owner/recordings.ts';
import { testCallRoutes } from './routes/doors/test-call.ts';
import type { TestCallParts } from './routes/doors/test-call.ts';
import { reviewSettingsRoutes } from './routes/owner/review-settings.ts';
import { overviewRoutes } from './routes/owner/overview.ts';
import { startRoutes } from './routes/owner/start.ts';
import { stepInRoutes } from './routes/owner/step-in.ts';
import { transferTargetRoutes } from './routes/owner/transfer-targets.ts';
import { clientVoiceRoutes } from './routes/owner/voices.ts';
import type { VoiceRoutesParts } from './routes/owner/voices.ts';
import { webhookRoutes } from './routes/owner/webhooks.ts';
import type { WebhookRoutesParts } from './routes/owner/webhooks.ts';

export type OwnerParts = ActiveCallRoutesParts &
  BillingRouteParts &
  BookingRoutesParts &
  CalendarCallbackParts &
  ClientRoutesParts &
  OwnerToolRoutesParts &
  TestCallParts &
  OutboundRoutesParts &
  RecordingRoutesParts &
  VoiceRoutesParts &
  WebhookRoutesParts;

export function ownerRoutes(parts: OwnerParts): FastifyPluginAsync {
  return async (app) => {
    await app.register(startRoutes(parts));
    await app.register(overviewRoutes(parts));
    await app.register(clientRoutes(parts));
    await app.register(adjustmentRoutes(parts));
    await app.register(contactRoutes(parts));
    await app.register(conversationRoutes(parts));
    await app.register(conversationTableRoutes(parts));
    await app.register(outboundRoutes(parts));
    await app.register(callConsentRoutes(parts));
    await app.register(recordingRoutes(parts));
    await app.register(activeCallRoutes(parts));
    await app.register(stepInRoutes(parts));
    await app.register(bookingRoutes(parts));
    await app.register(calendarConnectionRoutes(parts));
    await app.register(calendarCallbackRoutes(parts));
    await app.register(calendarViewRoutes(parts));
    await app.register(calendarFeedRoutes(parts));
    await app.register(calendarFileRoutes(parts));
    await app.register(messageRoutes(parts));
    await app.register(noticeRoutes(parts));
    await app.register(webhookRoutes(parts));
    await app.register(deliveryRoutes(parts));
    await app.register(lineSettingsRoutes(parts));
    await app.register(analyticsRoutes(parts));
    await app.register(transferTargetRoutes(parts));
    await app.register(clientVoiceRoutes(parts));
    await app.register(testCallRoutes(parts));
    await app.register(reviewSettingsRoutes(parts));
    await app.register(knowledgeRoutes(parts));
    await app.register(ownerToolRoutes(parts));
    await app.register(mcpServerRoutes(parts));
    await app.register(billingRoutes(parts));
    await app.register(callerRoutes(parts));
  };
}
