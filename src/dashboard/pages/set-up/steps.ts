// The steps of setting up a client, after its name.

export const steps = ['number', 'hours', 'greeting', 'voice', 'calendar', 'tools', 'test'] as const;

export type StepName = (typeof steps)[number];

export const firstStep: StepName = 'number';
