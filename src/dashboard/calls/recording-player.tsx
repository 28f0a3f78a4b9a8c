// A recording: the caller above the line, the receptionist below it, played in step with the transcript.

import { useId, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import { Download, Pause, Play } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../lib/api.ts';
import { formatDuration } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import { IconButton } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Select } from '../ui/field.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { peaksOf } from './peaks.ts';
import type { Peaks } from './peaks.ts';

const { recording } = texts;
const COLUMNS = 400;
/** Noise of a silent line is not drawn as if it were speech. */
const QUIETEST = 0.05;
/** Longer ones are played without a drawing: it would need the whole file first. */
const DRAWN_SECONDS_MAX = 1800;
const speeds = ['1', '1.25', '1.5', '2'].map((value) => ({ value, label: `${value}×` }));

export interface RecordingPlayerProps {
  readonly conversationId: string;
  readonly seconds: number;
  readonly audio: RefObject<HTMLAudioElement | null>;
  /** Seconds from the beginning. */
  readonly onTime: (at: number) => void;
}

export function RecordingPlayer({ conversationId, seconds, audio, onTime }: RecordingPlayerProps) {
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds);
  const toasts = useToasts();
  const source = `/api/conversations/${encodeURIComponent(conversationId)}/recording`;
  const peaks = usePeaks(conversationId, seconds <= DRAWN_SECONDS_MAX);
  const show = (time: number) => {
    setAt(time);
    onTime(time);
  };
  const toggle = () => {
    const { current } = audio;
    if (!current) return;
    if (!current.paused) current.pause();
    else current.play().catch(() => toasts.refused(recording.notPlayed));
  };
  return (
    <Card
      title={recording.title}
      action={
        <div className="flex items-center gap-1">
          <Select
            aria-label={recording.speed}
            options={speeds}
            className="w-20"
            onChange={(event) => {
              if (audio.current) audio.current.playbackRate = Number(event.target.value);
            }}
          />
          <a
            href={source}
            download="recording.wav"
            aria-label={recording.download}
            title={recording.download}
            className="inline-flex size-9 items-center justify-center rounded-lg text-muted hover:bg-hover hover:text-ink"
          >
            <Download size={17} aria-hidden />
          </a>
        </div>
      }
    >
      {/* The transcript beside it says what is heard. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio
        ref={audio}
        src={source}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setPlaying(false)}
        onLoadedMetadata={(event) => {
          const { duration } = event.currentTarget;
          if (Number.isFinite(duration)) setLength(duration);
        }}
        onTimeUpdate={(event) => show(event.currentTarget.currentTime)}
      />
      <div className="flex items-center gap-3">
        <IconButton
          icon={playing ? Pause : Play}
          label={playing ? recording.pause : recording.play}
          look="primary"
          onClick={toggle}
        />
        <div className="relative h-14 min-w-0 flex-1">
          {peaks && <Drawing peaks={peaks} played={length > 0 ? at / length : 0} />}
          <input
            type="range"
            aria-label={recording.position}
            aria-valuetext={`${formatDuration(at)} / ${formatDuration(length)}`}
            min={0}
            max={Math.max(0.1, length)}
            step={0.1}
            value={Math.min(at, length)}
            className={
              peaks
                ? 'absolute inset-0 size-full cursor-pointer opacity-0 focus-visible:opacity-30'
                : 'absolute inset-x-0 top-1/2 w-full -translate-y-1/2 accent-accent'
            }
            onChange={(event) => {
              const time = Number(event.target.value);
              if (audio.current) audio.current.currentTime = time;
              show(time);
            }}
          />
        </div>
        <span className="numbers w-22 shrink-0 text-right text-xs text-muted">
          {formatDuration(at)} / {formatDuration(length)}
        </span>
      </div>
    </Card>
  );
}

function usePeaks(conversationId: string, wanted: boolean): Peaks | undefined {
  return (
    useQuery({
      queryKey: ['peaks', conversationId],
      enabled: wanted,
      staleTime: Infinity,
      queryFn: async ({ signal }) => {
        const params = { conversation_id: conversationId };
        const name = 'GET /api/conversations/{conversation_id}/recording';
        const file = await api.call(name, { params }, { signal });
        return peaksOf(await file.arrayBuffer(), COLUMNS) ?? null;
      },
    }).data ?? undefined
  );
}

function Drawing({ peaks, played }: { readonly peaks: Peaks; readonly played: number }) {
  const path = useMemo(() => pathOf(peaks), [peaks]);
  const id = useId();
  const shape = { d: path, strokeWidth: 0.7, fill: 'none' };
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${COLUMNS} 100`}
      preserveAspectRatio="none"
      className="size-full"
    >
      <path {...shape} className="stroke-line-strong" />
      <clipPath id={id}>
        <rect width={played * COLUMNS} height="100" />
      </clipPath>
      <path {...shape} clipPath={`url(#${id})`} className="stroke-accent" />
    </svg>
  );
}

/** A bar for each column: up for the caller, down for us. The loudest fills the height: speech on a line is far from the limit. */
function pathOf({ caller, receptionist }: Peaks): string {
  const half = 50;
  const full = half / Math.max(QUIETEST, ...caller, ...receptionist);
  const bars = caller.map((loud, x) => {
    const up = half - Math.max(0.5, loud * full);
    const down = half + Math.max(0.5, (receptionist[x] ?? 0) * full);
    return `M${x + 0.5} ${up.toFixed(1)}V${down.toFixed(1)}`;
  });
  return bars.join('');
}
