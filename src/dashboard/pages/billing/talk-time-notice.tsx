// That talk time runs out, or has run out: of the client a page is about, or of those that are named.

import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { Notice } from '../../ui/notice.tsx';

const { talkTime } = texts.billing;

export interface TalkTimeNoticeProps {
  readonly left: 'none' | 'little';
  /** Whose, where that is not clear. */
  readonly names?: string;
  /** What little is, as people read it. */
  readonly below?: string;
  readonly action?: ReactNode;
}

export function TalkTimeNotice({ left, names, below, action }: TalkTimeNoticeProps) {
  const { title, text } = talkTime[left];
  return (
    <Notice
      tone={left === 'none' ? 'bad' : 'warn'}
      title={names === undefined ? title : `${names}: ${title.toLowerCase()}`}
      action={action}
    >
      {below !== undefined && `${talkTime.lessThan(below)} `}
      {text}
    </Notice>
  );
}
