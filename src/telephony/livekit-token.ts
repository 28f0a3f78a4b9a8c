// Who may join which LiveKit room: tokens for one room each, good for ten minutes.

import { AccessToken } from 'livekit-server-sdk';

const TOKEN_MINUTES = 10;

export interface LivekitConfig {
  /** ws or wss; what browsers connect to as well. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface RoomGrant {
  readonly room: string;
  readonly identity: string;
  readonly name?: string | undefined;
}

/** The right to join, speak, listen and send data in this room, and nothing else. */
export function signRoomToken(
  { apiKey, apiSecret }: LivekitConfig,
  { room, identity, name }: RoomGrant,
): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, {
    identity,
    ttl: `${TOKEN_MINUTES}m`,
    ...(name !== undefined && { name }),
  });
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
  });
  return token.toJwt();
}
