//! Medians of single visits, ratios between pages, and tables.

const MEASURES = [
  'bytes',
  'requests',
  'paintedMs',
  'usableMs',
  'settledMs',
  'shift',
  'buttonMoves',
  'interactionMs',
  'longTasks',
  'longTaskMs',
  'heapMiB',
  'besideMiB',
];

/** Our target: usable within this share of the other page's time. */
const SHARES = { react: 0.5, widget2: 0.2 };

const COLUMNS = [
  ['page', ({ title }) => title],
  ['KB', ({ bytes }) => (bytes / 1000).toFixed(1)],
  ['requests', ({ requests }) => requests],
  ['first paint', ({ paintedMs }) => ms(paintedMs)],
  ['usable', ({ usableMs }) => ms(usableMs)],
  ['settled', ({ settledMs }) => ms(settledMs)],
  ['CLS', ({ shift }) => shift.toFixed(3)],
  ['button moves', ({ buttonMoves }) => `${Math.round(buttonMoves)} px`],
  ['INP', ({ interactionMs }) => ms(interactionMs)],
  ['long tasks', ({ longTasks, longTaskMs }) => (longTasks ? `${longTasks} · ${ms(longTaskMs)}` : '–')],
  ['JS heap MiB', ({ heapMiB }) => heapMiB.toFixed(1)],
  ['beside it MiB', ({ besideMiB }) => besideMiB.toFixed(1)],
];

/** One line of medians for every page under every condition, in the order they were first visited. */
export function medians(visits) {
  const groups = new Map();
  for (const visit of visits) groups.set(key(visit), [...(groups.get(key(visit)) ?? []), visit]);
  return [...groups.values()].map((group) => {
    const { page, title, condition } = group[0];
    const middles = MEASURES.map((measure) => [measure, median(group.map((visit) => visit[measure]))]);
    return { page, title, condition, ...Object.fromEntries(middles) };
  });
}

/** How soon ours is usable, as a share of the others' time, where both were visited. */
export function ratios(figures) {
  return figures.flatMap(({ page, title, condition, usableMs }) => {
    const ours = figures.find((line) => line.page === 'latchkey' && line.condition === condition);
    const atMost = SHARES[page];
    return ours && atMost ? [{ to: page, title, condition, share: ours.usableMs / usableMs, atMost }] : [];
  });
}

/** Where something moves on our page while it loads, though the form of the program replaces an equal one. */
export function moves(figures) {
  const ours = figures.filter(({ page, shift, buttonMoves }) => page === 'latchkey' && (shift > 0 || buttonMoves >= 1));
  return ours.map(({ condition, shift, buttonMoves }) => `CLS ${shift.toFixed(3)} and the button by ${Math.round(buttonMoves)} px (${condition})`);
}

export function table(figures, compared) {
  const conditions = [...new Set(figures.map(({ condition }) => condition))];
  const parts = conditions.map((condition) => {
    const lines = figures.filter((line) => line.condition === condition);
    return `${condition}\n\n${aligned(lines)}\n`;
  });
  const shares = compared.map(
    ({ title, condition, share, atMost }) =>
      `usable in ${share.toFixed(2)} of the time of ${title}, ${condition} (${atMost} is what we want)`,
  );
  return [...parts, ...shares].join('\n');
}

const ENGINE_COLUMNS = [
  ['engine', ({ engine }) => engine],
  ['bare form', ({ form }) => ms(form)],
  ['first form usable', ({ usable }) => ms(usable)],
  ['ratio', ({ form, usable }) => (usable / form).toFixed(2)],
  ['program there', ({ program }) => ms(program)],
  ['ratio', ({ form, program }) => (program / form).toFixed(2)],
];

/** One line for each engine: medians of our page, beside that of the bare form there. */
export function engineTable(visits) {
  const lines = [...new Set(visits.map(({ engine }) => engine))].map((engine) => {
    const of = (page, measure) => median(visits.filter((visit) => visit.engine === engine && visit.page === page).map((visit) => visit[measure]));
    return { engine, form: of('form', 'usableMs'), usable: of('latchkey', 'usableMs'), program: of('latchkey', 'programMs') };
  });
  return aligned(lines, ENGINE_COLUMNS);
}

/** A table with a line for each of `lines`. */
export function aligned(lines, columns = COLUMNS) {
  const rows = [columns.map(([head]) => head), ...lines.map((line) => columns.map(([, cell]) => String(cell(line))))];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]));
  const [head, ...body] = rows.map((row) => `| ${row.map(pad).join(' | ')} |`);
  const rule = `|${widths.map((width, column) => (column ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [head, rule, ...body].join('\n');
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

const key = ({ page, condition }) => `${page} ${condition}`;
const ms = (value) => `${Math.round(value)} ms`;
