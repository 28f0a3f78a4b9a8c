// Rows of a kind: a table where there is room for one, with the lesser columns left out on a phone.

import type { Key, ReactNode } from 'react';
import { Link } from 'wouter';
import { classes } from '../lib/class-names.ts';

export interface Column<Row> {
  readonly name: string;
  /** Heading for screen readers only: the content speaks for itself. */
  readonly hideName?: boolean;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'right';
  /** Narrower than this, the column is left out. */
  readonly from?: 'sm' | 'md' | 'lg';
  readonly className?: string;
}

export interface TableProps<Row> {
  /** What the table lists, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => Key;
  /** The page of a row: the first column becomes a link that covers all of it. */
  readonly hrefOf?: (row: Row) => string;
}

export interface RowButtonProps {
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** What a row is called, in its first column: opens it in a dialog, wherever the row is pressed. */
export function RowButton({ onClick, children }: RowButtonProps) {
  return (
    <button
      type="button"
      data-row
      className="block max-w-full truncate rounded-md text-left font-medium after:absolute after:inset-0 after:content-['']"
      onClick={onClick}
    >
      {children}
    </button>
  );
}

const edges = { sm: 'max-sm:pr-4', md: 'max-md:pr-4', lg: 'max-lg:pr-4' } as const;
const shown = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden' } as const;

export function Table<Row>({ label, columns, rows, keyOf, hrefOf }: TableProps<Row>) {
  const styleOf = ({ align, from, className }: Column<Row>) =>
    classes(align === 'right' && 'text-right', from && shown[from], className);
  // Where the last columns are left out, the one before them is at the edge.
  const edgeOf = (place: number) => {
    const { from } = columns[place + 1] ?? {};
    const isLast = columns.slice(place + 1).every((each) => each.from !== undefined);
    return from && isLast && edges[from];
  };
  // Only the first column may be narrower than its words: beside a wide one the others would be a letter wide.
  const wrapOf = (place: number) => place > 0 && 'wrap-break-word';
  return (
    <table className="w-full text-sm" aria-label={label}>
      <thead>
        <tr className="border-b border-line text-left text-xs">
          {columns.map((column, place) => (
            <th
              key={column.name}
              scope="col"
              className={classes(
                // A column's own colour is for what stands below.
                'px-2 py-2 font-medium text-faint! first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
                wrapOf(place),
                edgeOf(place),
                styleOf(column),
              )}
            >
              {column.hideName ? <span className="sr-only">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={keyOf(row)}
            className={classes(
              'relative border-b border-line transition-colors last:border-b-0 has-data-row:hover:bg-hover/60',
              hrefOf && 'hover:bg-hover/60',
            )}
          >
            {columns.map((column, place) => (
              <td
                key={column.name}
                className={classes(
                  'px-2 py-3 first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5',
                  wrapOf(place),
                  edgeOf(place),
                  styleOf(column),
                )}
              >
                {place === 0 && hrefOf ? (
                  <Link
                    href={hrefOf(row)}
                    className="rounded-md after:absolute after:inset-0 after:content-['']"
                  >
                    {column.cell(row)}
                  </Link>
                ) : (
                  column.cell(row)
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
