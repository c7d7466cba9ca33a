import type { Table } from './table.ts';

/** Text that may stand in HTML and SVG. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:84rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}' +
  'h2{margin-top:2.5rem}.wide{overflow-x:auto}.warning{background:#fff3cd;border-left:4px solid #b7791f;padding:.6rem 1rem}' +
  'table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}' +
  'caption{text-align:left;font-weight:600;padding-bottom:.3rem;white-space:nowrap}' +
  'td,th{padding:.2rem .8rem .2rem 0;text-align:right;border-bottom:1px solid #ddd;font-weight:400;vertical-align:top;white-space:nowrap}' +
  'thead th{font-weight:600}th:first-child,.words td,.words th{text-align:left}.words td{white-space:normal}' +
  'pre{background:#f6f6f6;padding:1rem;overflow:auto;font-size:13px;line-height:1.35}' +
  'svg{max-width:100%;height:auto}svg text{font-size:11px;fill:#333}svg .title{font-size:13px;font-weight:600}svg .grid{stroke:#e5e5e5}' +
  '@media print{body{max-width:none;margin:0;font-size:11px}pre{white-space:pre-wrap;font-size:8px}' +
  'svg,tr{break-inside:avoid}h2,h3,caption{break-after:avoid}.wide{overflow:visible}' +
  'td,th{padding-right:.4rem;font-size:9px;white-space:normal}svg,.warning{print-color-adjust:exact;-webkit-print-color-adjust:exact}}';

/** A report as one HTML file: nothing is fetched from anywhere. `body` is HTML; title and heading are text. */
export const page = (title: string, heading: string, body: readonly string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escaped(heading)}</h1>`,
    '<p>Secondary and supplementary. Not a cleared medical device. Never the only source of alarms.</p>',
    ...body,
    '</main></body></html>\n',
  ].join('\n');

/** A table with headers of its columns and rows. `hasWords`: cells are words, not numbers. */
export const htmlTable = ({ caption, head, rows }: Table, hasWords = false): string =>
  `<div class="wide" tabindex="0"><table${hasWords ? ' class="words"' : ''}><caption>${escaped(caption)}</caption>` +
  `<thead><tr>${head.map((cell) => (cell === '' ? '<td></td>' : `<th scope="col">${escaped(cell)}</th>`)).join('')}</tr></thead><tbody>` +
  rows
    .map(
      ([name = '', ...cells]) =>
        `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
    )
    .join('') +
  '</tbody></table></div>';

/** Paragraphs of plain sentences. */
export const paragraphs = (sentences: readonly string[]): string =>
  sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('\n');
