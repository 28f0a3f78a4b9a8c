// What a person who has just started the server wants to know.

import type { Config } from '../config.ts';
import { demo } from './sandbox/demo.ts';

export interface BannerParts {
  readonly config: Config;
  readonly frontdesk: { readonly address: string };
  readonly standIns: readonly string[];
  readonly dataDir: string;
}

/** Several lines, without the last line break. */
export function banner({ config, frontdesk, standIns, dataDir }: BannerParts): string {
  const lines = ['', `Frontdesk listens on ${frontdesk.address}`];
  if (config.publicUrl !== frontdesk.address) lines.push(`The world calls it ${config.publicUrl}`);
  if (!config.databaseUrl) lines.push(`Data is kept in ${dataDir}`);
  if (config.sandbox !== 'off') {
    lines.push(
      '',
      `Sandbox: ${standIns.join(', ')} are stand-ins on this machine. They hear and speak for real;`,
      'the one that thinks is a rule-based receptionist, not a language model.',
      `Demo business: ${demo.clientName}, ${demo.phoneNumber}.`,
      '',
      `Next: open ${config.publicUrl} in a browser and look around as the demo owner.`,
      'Or call it and book an appointment by voice, from another terminal:',
      '',
      '    npm run call',
    );
  }
  const { accountSid, authTokens } = config.twilio;
  if (config.sandbox === 'off' && authTokens.length > 0 && accountSid === undefined) {
    lines.push(
      '',
      'TWILIO_ACCOUNT_SID is not set: calls are answered, but cannot be ended properly, transferred or made.',
    );
  }
  lines.push('');
  return lines.join('\n');
}
