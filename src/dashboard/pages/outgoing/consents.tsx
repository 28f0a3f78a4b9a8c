// Who has agreed to be called, and who does not want to be.

import { Handshake } from 'lucide-react';
import { useChange, usePages } from '../../lib/api.ts';
import { formatPhone } from '../../lib/format.ts';
import { texts } from '../../texts/texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { MoreRows } from '../../ui/more-rows.tsx';
import { Empty, Failure, SkeletonRows } from '../../ui/states.tsx';
import { useToasts } from '../../ui/toasts.tsx';

const { outgoing } = texts;
const CONSENTS = 'GET /api/clients/{client_id}/call-consents';
const PAGE = 50;

export function Consents({ clientId }: { readonly clientId: string }) {
  const params = { client_id: clientId };
  const consents = usePages(CONSENTS, { params, query: { limit: PAGE } });
  const change = useChange('PUT /api/clients/{client_id}/call-consents', {
    refreshes: [CONSENTS],
  });
  const toasts = useToasts();
  return (
    <Card flush title={outgoing.consents} description={outgoing.consentsText}>
      {consents.error ? (
        <Failure error={consents.error} retry={consents.refetch} />
      ) : consents.isPending ? (
        <SkeletonRows />
      ) : consents.rows.length === 0 ? (
        <Empty icon={Handshake} compact title={outgoing.consentsNone} />
      ) : (
        <ul className="divide-y divide-line">
          {consents.rows.map(({ phone_number: number, state, source }) => {
            const other = state === 'given' ? 'refused' : 'given';
            const act = outgoing.consentActs[other];
            return (
              <li
                key={number}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm sm:px-5"
              >
                <span className="numbers min-w-0 flex-1 font-medium">{formatPhone(number)}</span>
                <Badge tone={state === 'given' ? 'good' : 'neutral'}>
                  {source === 'call' ? outgoing.saidSo[state] : outgoing.states[state]}
                </Badge>
                <Button
                  size="small"
                  aria-label={`${act}: ${formatPhone(number)}`}
                  pending={change.isPending && change.variables.body.phone_number === number}
                  onClick={() =>
                    change.mutate(
                      { params, body: { phone_number: number, state: other } },
                      { onError: (error) => toasts.failed(error) },
                    )
                  }
                >
                  {act}
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <MoreRows list={consents} />
    </Card>
  );
}
