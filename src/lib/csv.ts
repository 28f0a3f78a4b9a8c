// Tables as text (RFC 4180): read as spreadsheets write them, written so that no spreadsheet runs a cell.

/** A cell that begins so is a formula to a spreadsheet. */
const formula = /^[=+\-@\t\r]/;
/** And so is what stands behind what some take for the end of a cell or line, quoted or not: they expect semicolons. */
const inner = /([;\t\r\n])(?=[=+\-@])/g;
/** The same with the apostrophe that keeps them text. */
const guarded = /^'(?=[=+\-@\t\r])/;
const innerGuarded = /([;\t\r\n])'(?=[=+\-@])/g;

/** One line with its end. Texts that would be formulas get an apostrophe in front; numbers are numbers. */
export function formatCsvLine(cells: readonly (string | number)[]): string {
  const parts = cells.map((cell) => {
    if (typeof cell === 'number') return String(cell);
    const kept = cell.replaceAll(inner, "$1'");
    const text = formula.test(kept) ? `'${kept}` : kept;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${parts.join(',')}\r\n`;
}

/**
 * The rows of a table, empty lines left out; the apostrophe that `formatCsvLine` adds is taken off. Undefined when a quote
 * is not closed, or there are more than `rowsMax` rows.
 */
export function parseCsv(text: string, rowsMax: number): string[][] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell, quoted or bare, and what ends it.
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/gy;
  cells.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (cells.lastIndex < text.length) {
    const match = cells.exec(text);
    if (!match) return undefined;
    const [, quoted, bare = '', end] = match;
    const cell = quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"');
    row.push(cell.replace(guarded, '').replaceAll(innerGuarded, '$1'));
    if (end === ',' && cells.lastIndex < text.length) continue;
    if (end === ',') row.push('');
    if (row.some((each) => each !== '')) rows.push(row);
    if (rows.length > rowsMax) return undefined;
    row = [];
  }
  return rows;
}
