// The report's own script: draws the figures with plotly.js, filters, and browses answers. Nothing is fetched; all data are in the page.
'use strict';

const report = JSON.parse(document.getElementById('data').textContent);
const dark = matchMedia('(prefers-color-scheme: dark)');
const narrow = 560; // pixels; below it names of rows are broken into lines
const widest = 1000;
const printWidth = { alone: 660, beside: 320 };
const more = 25; // examples that are shown at first, and then at a time
let printing = false;

// --- what is shown -------------------------------------------------------------------------------------------------------------------

const boxes = name => [...document.querySelectorAll(`#filters input[name="${name}"]`)];
const isChosen = (name, value) => boxes(name).every(box => box.checked || box.value !== String(value));
const rows = new Map(report.comparisons.flatMap(comparison => comparison.rows).map(row => [row.name, row]));

// A head without variants is trained once and stands for all of them.
function isShown(name) {
  const row = rows.get(name);
  if (!row) return true;
  const known = boxes('variant').some(box => box.value === row.variant);
  const variant = known ? isChosen('variant', row.variant) : boxes('variant').some(box => box.checked && box.value !== 'baseline');
  return variant && (row.variant === 'baseline' || isChosen('head', row.head));
}

// --- figures -------------------------------------------------------------------------------------------------------------------------

// What is left of a trace, or null: its meta has the rows that each point, or all points together, are about.
function filtered(trace) {
  if (!trace.meta) return trace;
  const { rows: about, seed } = trace.meta;
  if (seed !== undefined && !isChosen('seed', seed)) return null;
  const places = trace.y.map((_, i) => i).filter(i => about[about.length === 1 ? 0 : i].every(isShown));
  if (places.length === 0) return null;
  const kept = list => Array.isArray(list) ? places.map(i => list[i]) : list;
  for (const key of ['x', 'y', 'text', 'hovertext']) trace[key] = kept(trace[key]);
  for (const bar of [trace.error_x, trace.error_y].filter(Boolean)) {
    for (const key of ['array', 'arrayminus']) bar[key] = kept(bar[key]);
  }
  return trace;
}

// Closes the gaps that filtered rows leave.
function closeGaps(traces, layout) {
  const names = layout.yaxis.ticktext;
  const own = traces.filter(trace => trace.meta);
  if (!names || own.length === 0) return;
  const places = [...new Set(own.flatMap(trace => trace.y.map(Math.round)))].sort((a, b) => a - b);
  const room = (layout.height - 150) / names.length;
  for (const trace of own) trace.y = trace.y.map(y => places.indexOf(Math.round(y)) + y - Math.round(y));
  layout.yaxis.ticktext = places.map(place => names[place]);
  layout.yaxis.tickvals = places.map((_, i) => i);
  layout.yaxis.range = [places.length - 0.3, -0.7];
  layout.height -= room * (names.length - places.length);
}

// The colours of the report, lightened on a dark ground.
const lighter = { '#0072B2': '#5AB4F0', '#D55E00': '#FF9354', '#009E73': '#3CD0A6', '#CC79A7': '#E8A5CB', '#E69F00': '#F5BD4A',
  '#56B4E9': '#9AD6FA', '#666666': '#A9B1BD' };

function paint(traces, layout, width) {
  const style = getComputedStyle(document.documentElement);
  const color = name => style.getPropertyValue(name).trim();
  const isDark = dark.matches && !printing;
  for (const trace of traces) {
    for (const part of isDark ? [trace.marker, trace.line] : []) {
      if (part) part.color = lighter[part.color] ?? part.color;
    }
    if (trace.type === 'heatmap' && isDark) trace.colorscale = [[0, '#1B232E'], [0.5, '#1F6FA3'], [1, '#BFE3FB']];
    // In a cell black or white, whichever is seen better: the dark scale's colours are the brighter, the greater the number.
    if (trace.mode === 'text' && isDark) {
      trace.textfont.color = traces[0].z.flat().map(z => z < 0.55 * traces[0].zmax ? '#FFFFFF' : '#000000');
    }
    if (trace.colorbar) trace.colorbar.tickfont = { color: color('--ink') };
    if (trace.type === 'heatmap') trace.showscale = false;
  }
  const small = width < narrow;
  delete layout.title;
  Object.assign(layout, { width, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', dragmode: false,
    hoverlabel: { bgcolor: color('--ground'), bordercolor: color('--line'), font: { color: color('--ink') } },
    legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom' } });
  Object.assign(layout.font, { color: color('--ink'), size: small ? 11 : 13 });
  Object.assign(layout.margin, small ? { l: 44, r: 12, t: 16, b: 44 } : { t: 20 });
  for (const axis of [layout.xaxis, layout.yaxis]) {
    axis.gridcolor = color('--grid');
    axis.linecolor = color('--line');
    if (small) axis.ticktext = axis.ticktext?.map(text => text.includes(' − ') ? text.replace(' − ', '<br>− ') : text.replaceAll(', ', ',<br>'));
  }
  layout.xaxis.nticks = small ? 5 : 9;
  const title = layout.xaxis.title;
  if (small && title?.text?.includes('; ')) {
    title.text = title.text.replace('; ', ';<br>');
    layout.margin.b += 16;
  }
}

function draw(figure) {
  const place = figure.querySelector('.plot');
  figure.hidden = Boolean(figure.dataset.row) && !isShown(figure.dataset.row);
  if (figure.hidden) return null;
  const { data, layout } = structuredClone(report.figures[place.id]);
  const traces = data.map(filtered).filter(Boolean);
  const room = printWidth[figure.parentElement.className === 'several' ? 'beside' : 'alone'];
  const width = printing ? Math.min(room, layout.width) : Math.min(place.clientWidth, data[0].type === 'heatmap' ? layout.width : widest);
  const names = layout.yaxis.ticktext?.length ?? 0;
  if (width < narrow && names > 2) layout.height = Math.max(1.25 * layout.height, 34 * names + 150); // names take two lines
  closeGaps(traces, layout);
  paint(traces, layout, width);
  // Not react: where the width has changed, it leaves a legend at its old height, upon the lines.
  return Plotly.newPlot(place, traces, layout, { displayModeBar: false, responsive: false });
}

// --- tables --------------------------------------------------------------------------------------------------------------------------

// The first two cells of a table's row are head and variant, or the names of two rows of the comparison.
function filterTables() {
  for (const line of document.querySelectorAll('.heads tbody tr, .pairs tbody tr')) {
    const [first, second] = [...line.cells].map(cell => cell.textContent);
    line.hidden = !(line.closest('.pairs') ? isShown(first) && isShown(second) : isShown(`${first}/${second}`));
  }
}

// --- answers -------------------------------------------------------------------------------------------------------------------------

const element = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name ?? '' });
const percent = share => `${Math.round(100 * share)} %`;

function browse(form) {
  const comparison = report.comparisons[form.dataset.comparison];
  const body = form.parentElement.querySelector('.answers tbody');
  const status = form.parentElement.querySelector('[role=status]');
  const button = form.parentElement.querySelector('button.more');
  const sure = comparison.runs.map(run => run.sure && Uint8Array.from(atob(run.sure), letter => letter.charCodeAt(0)));
  let most = more;

  const runsOf = row => comparison.runs.map((run, i) => i)
    .filter(i => comparison.runs[i].row === row && (form.seed.value === '' || comparison.runs[i].seed === Number(form.seed.value)
      || comparison.rows[row].variant === 'baseline'));
  const share = (runs, i) => runs.filter(run => comparison.runs[run].right[i] === '1').length / runs.length;
  const confidence = (runs, i) => runs.every(run => sure[run]) ? runs.reduce((sum, run) => sum + sure[run][i] / 255, 0) / runs.length : null;

  function show() {
    const own = runsOf(Number(form.head.value));
    const others = runsOf(Number(form.other.value));
    const text = form.text.value.trim().toLowerCase();
    const [least, greatest] = [form.least, form.greatest].map(field => Number(field.value) / 100);
    form.other.disabled = form.kind.value !== 'only';
    const kinds = { wrong: i => share(own, i) < 1, right: i => share(own, i) === 1, all: () => true,
      only: i => share(own, i) > 0.5 && share(others, i) <= 0.5 };
    const found = own.length === 0 ? [] : comparison.examples.map((_, i) => i).filter(i => kinds[form.kind.value](i)
      && (confidence(own, i) === null || (confidence(own, i) >= least - 0.005 && confidence(own, i) <= greatest + 0.005))
      && (text === '' || (comparison.texts?.[i][0] ?? `${comparison.examples[i] + 1}`).toLowerCase().includes(text)));
    if (form.order.value === 'sure') found.sort((a, b) => confidence(own, b) - confidence(own, a) || a - b);
    body.replaceChildren(...found.slice(0, most).map(line));
    status.textContent = `${found.length.toLocaleString('en')} of ${comparison.examples.length.toLocaleString('en')} examples`
      + (found.length > most ? `; the first ${most} are shown` : '');
    button.hidden = found.length <= most;

    function line(i) {
      const row = document.createElement('tr');
      const right = Math.round(share(own, i) * own.length);
      const label = comparison.texts?.[i][1];
      row.append(element('td', `${comparison.examples[i] + 1}`, 'number'));
      if (comparison.texts) {
        row.append(element('td', comparison.texts[i][0], 'text'));
        if (comparison.labels.length > 0) row.append(element('td', comparison.labels[label] ?? `${label ?? ''}`));
      }
      const word = right === own.length ? 'right' : right === 0 ? 'wrong' : `right with ${right} of ${own.length} seeds`;
      row.append(element('td', word, right === own.length ? 'right' : right === 0 ? 'wrong' : 'mixed'));
      const certain = confidence(own, i);
      row.append(element('td', certain === null ? '' : percent(certain), 'number'));
      const heads = comparison.rows.map((one, k) => [one, runsOf(k)]).filter(([one, runs]) => one.variant !== 'baseline' && runs.length > 0);
      row.append(element('td', `${heads.filter(([, runs]) => share(runs, i) > 0.5).length} of ${heads.length}`, 'number'));
      return row;
    }
  }

  form.addEventListener('input', () => { most = more; show(); });
  form.addEventListener('submit', event => event.preventDefault());
  button.addEventListener('click', () => { most += more; show(); });
  show();
  return show;
}

// --- the page ------------------------------------------------------------------------------------------------------------------------

let latest;

function drawAll() {
  filterTables();
  const window = `${innerWidth} ${dark.matches}`;
  latest = Promise.all([...document.querySelectorAll('figure')].map(draw));
  const own = latest;
  own.then(() => { if (own === latest) document.documentElement.dataset.drawn = window; }); // for who waits for it
}

document.getElementById('filters').addEventListener('input', drawAll);
document.getElementById('filters').addEventListener('reset', () => setTimeout(drawAll));
dark.addEventListener('change', drawAll);

let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== width && !printing) {
    width = innerWidth;
    requestAnimationFrame(drawAll);
  }
});

const folded = () => document.querySelectorAll('details:not([open])');
let opened = [];
addEventListener('beforeprint', () => {
  printing = true;
  opened = [...folded()];
  opened.forEach(details => { details.open = true; });
  drawAll();
});
addEventListener('afterprint', () => {
  printing = false;
  opened.forEach(details => { details.open = false; });
  drawAll();
});

document.querySelectorAll('form.browser').forEach(browse);
drawAll();
