// How often each endpoint of the gateway may be asked, as its contract has it: contracts/gateway-api.md "Rate Limiting".

/** Requests of one user, or of one address that is nobody. */
export interface EndpointRate {
  readonly minute: number;
  readonly hour: number;
}

export const endpointRates = {
  generate: { minute: 10, hour: 100 },
  speak: { minute: 20, hour: 200 },
  transcribe: { minute: 20, hour: 200 },
  chat: { minute: 30, hour: 500 },
  /** Every other endpoint of the gateway, each for itself. */
  default: { minute: 60, hour: 1000 },
} satisfies Readonly<Record<string, EndpointRate>>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Has an allowance of its own; without one the allowance that all routes share counts. */
    rate?: EndpointRate;
  }
}
