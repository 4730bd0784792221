/* SPDX-License-Identifier: Apache-2.0 */
/* A convenience: the report says everything without it. Opens what a link points into, and all
 * of it for printing; adds a filter, and the means to zoom into the drawn timeline. */
'use strict';
function reveal() {
  let at = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const record = at && at.tagName === 'LI' ? at.querySelector('details.record') : null;
  if (record)
    record.open = true;
  for (; at; at = at.parentElement)
    if (at.tagName === 'DETAILS')
      at.open = true;
}
addEventListener('hashchange', reveal);
/* On paper nothing can be opened: all but what stands aside is, and closed again after. */
const opened = [];
addEventListener('beforeprint', function () {
  for (const details of document.querySelectorAll('details:not(.aside):not([open])')) {
    details.open = true;
    opened.push(details);
  }
});
addEventListener('afterprint', function () {
  for (const details of opened.splice(0))
    details.open = false;
});
reveal();

function button(text, label, act) {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = text;
  b.setAttribute('aria-label', label);
  b.title = label;
  b.addEventListener('click', act);
  return b;
}

function zoomable(chart, bar) {
  const left = +chart.dataset.left, width = +chart.dataset.width, right = left + width;
  const t0 = +chart.dataset.from, t1 = +chart.dataset.to, marks = [];
  let from = 0, span = 1; /* the part that is seen, of the whole */
  for (const e of chart.querySelectorAll('rect, line, text, path')) {
    const path = e.tagName === 'path';
    const x = +(path ? e.getAttribute('d').match(/^M(-?[\d.]+)/)[1]
      : e.getAttribute(e.tagName === 'line' ? 'x1' : 'x'));
    const end = path ? +e.getAttribute('d').match(/H(-?[\d.]+)/)[1]
      : x + +(e.getAttribute('width') || 0);
    if (x >= left && !(e.tagName === 'text' && e.getAttribute('text-anchor') === 'end'))
      marks.push({ e: e, x: x, end: end, wide: e.hasAttribute('width') && !e.classList.contains('hit'),
        d: path ? e.getAttribute('d') : '' });
  }
  const says = document.createElement('span');
  says.setAttribute('role', 'status');
  function when(part) {
    return new Date((t0 + (t1 - t0) * part) / 1000).toISOString().slice(0, 19).replace('T', ' ');
  }
  function place(x) {
    return left + ((x - left) / width - from) / span * width;
  }
  function draw() {
    for (const m of marks) {
      const x = Math.max(place(m.x), left), end = Math.min(place(m.end), right);
      const seen = place(m.end) >= left && place(m.x) <= right;
      m.e.classList.toggle('out', !seen || (m.e.tagName === 'text' && place(m.x) < left));
      if (m.d)
        m.e.setAttribute('d', m.d.replace(/^M-?[\d.]+/, 'M' + place(m.x))
          .replace(/H-?[\d.]+/, 'H' + place(m.end)));
      else if (m.e.tagName === 'line')
        ['x1', 'x2'].forEach(function (k) { m.e.setAttribute(k, place(m.x)); });
      else
        m.e.setAttribute('x', m.wide ? x : place(m.x));
      if (m.wide)
        m.e.setAttribute('width', Math.max(end - x, 1));
    }
    says.textContent = span === 1 ? 'all of it' : when(from) + ' to ' + when(from + span) + ' UTC';
  }
  function zoom(factor, at) {
    const next = Math.min(1, Math.max(span * factor, 1e-5));
    from = Math.min(Math.max(from + (span - next) * at, 0), 1 - next);
    span = next;
    draw();
  }
  function move(by) {
    from = Math.min(Math.max(from + span * by, 0), 1 - span);
    draw();
  }
  bar.append(button('+', 'Zoom in', function () { zoom(0.5, 0.5); }),
    button('\u2212', 'Zoom out', function () { zoom(2, 0.5); }),
    button('\u2190', 'Earlier', function () { move(-0.25); }),
    button('\u2192', 'Later', function () { move(0.25); }),
    button('All', 'Show all of it', function () { zoom(1e9, 0); }), says);
  chart.parentElement.addEventListener('keydown', function (e) {
    const act = { '+': [zoom, 0.5, 0.5], '-': [zoom, 2, 0.5], '0': [zoom, 1e9, 0] }[e.key];
    if (!act || e.ctrlKey || e.metaKey || e.altKey)
      return;
    act[0](act[1], act[2]);
    e.preventDefault();
  });
  chart.addEventListener('wheel', function (e) {
    if (!e.ctrlKey)
      return;
    const box = chart.getBoundingClientRect(), all = chart.viewBox.baseVal.width;
    const at = ((e.clientX - box.left) / box.width * all - left) / width;
    zoom(e.deltaY < 0 ? 0.8 : 1.25, Math.min(Math.max(at, 0), 1));
    e.preventDefault();
  }, { passive: false });
  draw();
}

function filterable(bar) {
  const input = document.createElement('input'), says = document.createElement('span');
  const rows = document.querySelectorAll('#story li, ul.evidence > li, #sources tbody tr, #timeline tbody tr, ' +
    '#unexplained tbody tr');
  input.type = 'search';
  input.placeholder = 'Filter';
  input.setAttribute('aria-label', 'Show only sentences, evidence, sources and lanes that have this text');
  says.setAttribute('role', 'status');
  input.addEventListener('input', function () {
    const want = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = want !== '' && !row.textContent.toLowerCase().includes(want);
      shown += !row.hidden;
    }
    for (const lane of document.querySelectorAll('.lane'))
      lane.classList.toggle('faded', want !== '' && !lane.textContent.toLowerCase().includes(want));
    says.textContent = want === '' ? '' : shown + ' of ' + rows.length + ' rows shown';
  });
  bar.append(input, says);
}

(function () {
  const chart = document.getElementById('chart'), nav = document.querySelector('nav');
  function tools(before) {
    const bar = document.createElement('div');
    bar.className = 'tools';
    before.before(bar);
    return bar;
  }
  if (nav)
    filterable(tools(nav.nextSibling));
  if (chart)
    zoomable(chart, tools(chart.parentElement));
})();
