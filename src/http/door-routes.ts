// The other doors to the same receptionist, and what administers them: one route file for each.

import type { FastifyPluginAsync } from 'fastify';
import { adminBotRoutes } from './routes/admin/admin-bot.ts';
import type { AdminBotParts } from './routes/admin/admin-bot.ts';
import { adminConfigRoutes } from './routes/admin/admin-config.ts';
import { adminConversationRoutes } from './routes/admin/admin-conversations.ts';
import { adminUserRoutes } from './routes/admin/admin-users.ts';
import { chatRoutes } from './routes/doors/chat.ts';
import { chatSocketRoutes } from './routes/doors/chat-socket.ts';
import type { ChatSocketParts } from './routes/doors/chat-socket.ts';
import { conversationAnalyticsRoutes } from './routes/owner/conversation-analytics.ts';
import { gatewayRoutes } from './routes/doors/gateway.ts';
import type { GatewayRoutesParts } from './routes/doors/gateway.ts';
import { monitoringRoutes } from './routes/admin/monitoring.ts';
import type { MonitoringParts } from './routes/admin/monitoring.ts';
import { transcriptStreamRoutes } from './routes/doors/transcript-stream.ts';
import { vapiRoutes } from './routes/doors/vapi-sessions.ts';
import type { VapiRoutesParts } from './routes/doors/vapi-sessions.ts';
import { voiceSessionRoutes } from './routes/doors/voice-sessions.ts';
import type { VoiceSessionsParts } from './routes/doors/voice-sessions.ts';

export type DoorParts = ChatSocketParts &
  GatewayRoutesParts &
  VapiRoutesParts &
  AdminBotParts &
  VoiceSessionsParts &
  MonitoringParts;

export function doorRoutes(parts: DoorParts): FastifyPluginAsync {
  return async (app) => {
    await app.register(gatewayRoutes(parts));
    await app.register(chatRoutes(parts));
    await app.register(vapiRoutes(parts));
    await app.register(voiceSessionRoutes(parts));
    await app.register(transcriptStreamRoutes(parts));
    await app.register(chatSocketRoutes(parts));
    await app.register(conversationAnalyticsRoutes(parts));
    await app.register(adminUserRoutes(parts));
    await app.register(adminConversationRoutes(parts));
    await app.register(adminBotRoutes(parts));
    await app.register(adminConfigRoutes(parts));
    await app.register(monitoringRoutes(parts));
  };
}
