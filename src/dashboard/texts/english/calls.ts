// What calls and conversations have in common: channels, outcomes, callers.

export const calls = {
  channels: { phone: 'Phone', browser: 'Browser', chat: 'Chat' } as Readonly<
    Record<string, string>
  >,
  outcomes: {
    booked: 'Booked',
    rescheduled: 'Moved',
    cancelled: 'Cancelled',
    message: 'Message',
    transferred: 'Transferred',
    answered: 'Answered',
    abandoned: 'Hung up',
    no_credit: 'No credit',
    failed: 'Failed',
  } as Readonly<Record<string, string>>,
  running: 'Running',
  unknownCaller: 'Unknown number',
};
