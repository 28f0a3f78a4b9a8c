// What owners buy and what became of it: one route file for each subject.

import type { FastifyPluginAsync } from 'fastify';
import type { BillingRouteParts } from './billing-parts.ts';
import { autoTopUpRoutes } from './routes/money/auto-top-up.ts';
import { marginRoutes } from './routes/admin/margins.ts';
import { packageRoutes } from './routes/money/packages.ts';
import { planRoutes } from './routes/money/plans.ts';
import { statementRoutes } from './routes/money/statement.ts';
import { topUpRoutes } from './routes/money/top-ups.ts';

export function billingRoutes(parts: BillingRouteParts): FastifyPluginAsync {
  return async (app) => {
    await app.register(packageRoutes(parts));
    await app.register(topUpRoutes(parts));
    await app.register(planRoutes(parts));
    await app.register(autoTopUpRoutes(parts));
    await app.register(statementRoutes(parts));
    await app.register(marginRoutes(parts));
  };
}
