// Who was on the other end, as well as it is known.

import { texts } from '../texts/texts.ts';
import { formatPhone } from './format.ts';

export interface Caller {
  readonly caller_phone?: string | null | undefined;
  readonly contact_name?: string | null | undefined;
  readonly channel?: string | undefined;
  readonly direction?: string | undefined;
}

/** Who left a message; one that was left without a name has the number in its place. */
export function messageFrom({
  name,
  phone,
}: {
  readonly name: string;
  readonly phone: string;
}): string {
  return (name !== phone && name) || formatPhone(phone) || texts.calls.unknownCaller;
}

/** The name, or the number, or how they came. */
export function callerName({ caller_phone: phone, contact_name: name, channel }: Caller): string {
  if (name) return name;
  if (phone) return formatPhone(phone);
  if (channel === 'browser') return texts.home.browserCaller;
  if (channel === 'chat') return texts.home.chatCaller;
  return texts.calls.unknownCaller;
}

/** The number, where the name stands for it already. */
export function callerDetail({ caller_phone: phone, contact_name: name }: Caller): string {
  return name && phone ? formatPhone(phone) : '';
}

/** How they came, or that we called them. */
export function callerWay({ channel = '', direction }: Caller): string {
  if (direction === 'outbound') return texts.calls.calledByUs;
  return texts.calls.channels[channel] ?? channel;
}
