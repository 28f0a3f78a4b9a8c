// How many there are, where the server counts only so far.

export function asFarAsCounted(total: number, countedMax: number): string {
  return `${total.toLocaleString('en-US')}${total === countedMax ? '+' : ''}`;
}
