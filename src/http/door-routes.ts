// The other doors to the same receptionist: one route file for each.

import type { FastifyPluginAsync } from 'fastify';
import { chatRoutes } from './routes/chat.ts';
import { chatSocketRoutes } from './routes/chat-socket.ts';
import type { ChatSocketParts } from './routes/chat-socket.ts';
import { gatewayRoutes } from './routes/gateway.ts';
import type { GatewayRoutesParts } from './routes/gateway.ts';
import { vapiRoutes } from './routes/vapi-sessions.ts';
import type { VapiRoutesParts } from './routes/vapi-sessions.ts';

export type DoorParts = ChatSocketParts & GatewayRoutesParts & VapiRoutesParts;

export function doorRoutes(parts: DoorParts): FastifyPluginAsync {
  return async (app) => {
    await app.register(gatewayRoutes(parts));
    await app.register(chatRoutes(parts));
    await app.register(vapiRoutes(parts));
    await app.register(chatSocketRoutes(parts));
  };
}
