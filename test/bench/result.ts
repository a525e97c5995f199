// What a benchmark gives: rows of what was measured, what it was compared with, and whether the target was met.

export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Of the same run; absent where the target is absolute. */
  readonly floor?: number;
  readonly target?: { readonly most?: number; readonly least?: number; readonly of: 'value' | 'ratio' };
}

export interface BenchResult {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Why the numbers of this run deserve little trust, if they do. */
  readonly warnings: readonly string[];
}

const ratioOf = ({ value, floor }: Row): number | undefined => (floor === undefined ? undefined : value / floor);

/** Undefined without a target. */
export function isMet(row: Row): boolean | undefined {
  if (!row.target) return undefined;
  const measured = row.target.of === 'ratio' ? (ratioOf(row) ?? Number.NaN) : row.value;
  return measured <= (row.target.most ?? Number.POSITIVE_INFINITY) && measured >= (row.target.least ?? 0);
}

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function targetText({ target, unit }: Row): string {
  if (!target) return '';
  const limit = target.most ?? target.least ?? 0;
  return `${target.most === undefined ? '≥' : '≤'} ${limit} ${target.of === 'ratio' ? '× floor' : unit}`;
}

/** Columns: what, measured, floor, ratio, target, verdict. */
export function table({ name, rows, warnings }: BenchResult): string {
  const head = ['what', 'measured', 'floor', 'ratio', 'target', ''];
  const body = rows.map((row) => {
    const ratio = ratioOf(row);
    const met = isMet(row);
    return [
      row.what,
      `${short(row.value)} ${row.unit}`,
      row.floor === undefined ? '' : `${short(row.floor)} ${row.unit}`,
      ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
      targetText(row),
      met === undefined ? '' : met ? 'met' : 'MISSED',
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((cells) => cells[column]?.length ?? 0)));
  const lines = [head, ...body].map(
    (cells) => `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`,
  );
  return [name, ...lines, ...warnings.map((warning) => `  ! ${warning}`)].join('\n');
}
