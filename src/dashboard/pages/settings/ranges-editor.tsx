// The hours of one day: none, one range, or several with breaks between them.

import { Plus, X } from 'lucide-react';
import { texts } from '../../texts/texts.ts';
import { IconButton } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';

export interface Range {
  /** `HH:MM` */
  readonly opens: string;
  /** `HH:MM`, midnight at the end of the day is `24:00`. */
  readonly closes: string;
}

export const usualRange: Range = { opens: '09:00', closes: '17:00' };
const RANGES_MAX = 12;

export interface RangesEditorProps {
  /** Whose hours, for screen readers. */
  readonly day: string;
  readonly ranges: readonly Range[];
  readonly onChange: (ranges: Range[]) => void;
}

export function RangesEditor({ day, ranges, onChange }: RangesEditorProps) {
  const change = (place: number, part: Partial<Range>) =>
    onChange(ranges.map((range, at) => (at === place ? { ...range, ...part } : range)));
  return (
    <div className="space-y-2">
      {ranges.map((range, place) => (
        // A range has nothing but its place to be known by.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={place} className="flex flex-wrap items-center gap-1">
          <span className="w-27 shrink-0">
            <Input
              type="time"
              aria-label={texts.settings.opens(day)}
              className="numbers"
              value={range.opens}
              onChange={(event) => change(place, { opens: event.target.value })}
            />
          </span>
          <span aria-hidden className="text-faint">
            –
          </span>
          <span className="w-27 shrink-0">
            <Input
              type="time"
              aria-label={texts.settings.closes(day)}
              className="numbers"
              // A clock in a browser has no 24:00.
              value={range.closes === '24:00' ? '00:00' : range.closes}
              onChange={(event) => {
                const { value } = event.target;
                change(place, { closes: value === '00:00' ? '24:00' : value });
              }}
            />
          </span>
          {place === ranges.length - 1 && ranges.length < RANGES_MAX && (
            <IconButton
              icon={Plus}
              size="small"
              label={texts.settings.addRange(day)}
              onClick={() => onChange([...ranges, nextRange(range)])}
            />
          )}
          {ranges.length > 1 && (
            <IconButton
              icon={X}
              size="small"
              label={texts.settings.removeRange(day)}
              onClick={() => onChange(ranges.filter((_, at) => at !== place))}
            />
          )}
        </div>
      ))}
    </div>
  );
}

/** After an hour's break. */
function nextRange({ closes }: Range): Range {
  const hour = Number(closes.slice(0, 2));
  const pad = (value: number) => String(value).padStart(2, '0');
  if (Number.isNaN(hour) || hour >= 22) return { opens: '22:00', closes: '23:00' };
  return { opens: `${pad(hour + 1)}:00`, closes: `${pad(Math.min(23, hour + 4))}:00` };
}
