/** Columns a character takes in a terminal: Chinese ones take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;

/** Rows of cells in columns as wide as their widest cell, the first flush left and numbers flush right. */
export function tableOf(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const shown = [header, ...rows.map((row) => row.map((cell) => cellText(cell)))];
  const widths = header.map((_, column) => Math.max(...shown.map((row) => displayWidth(row[column] ?? ''))));
  const lines = shown.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
        return column === 0 ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function cellText(cell: string | number): string {
  return typeof cell === 'number' ? cell.toLocaleString('en') : cell;
}
