// The view of AttentionView.cs: starts every view of the page that has not started. Nothing has an id, and nothing is asked of a network.
(() => {
  'use strict';
  const COLOUR = [30, 136, 200]; // 3.9 to 1 on white, 4.3 to 1 on #1e1e1e: one colour for light and dark notebooks
  const STYLE = `
    .electra-attention { display: flex; flex-direction: column; gap: 10px; max-width: 760px; line-height: 1.4; }
    .electra-attention .bar { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; }
    .electra-attention label { display: inline-flex; gap: 6px; align-items: center; margin: 0; font: inherit; }
    .electra-attention select { width: auto; height: auto; margin: 0; padding: 2px 4px; font: inherit; color: #111; background: #fff;
      border: 1px solid #888; border-radius: 4px; }
    .electra-attention input { margin: 0; }
    .electra-attention button { margin: 0; font: inherit; color: inherit; background: transparent; cursor: pointer;
      border: 1px solid rgba(128,128,128,0.45); border-radius: 4px; }
    .electra-attention :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
    .electra-attention .tokens { display: flex; flex-wrap: wrap; gap: 6px; }
    .electra-attention .tokens button { display: flex; flex-direction: column; align-items: center; min-width: 3.6em; max-width: 11em;
      padding: 4px 6px; }
    .electra-attention [hidden] { display: none !important; }
    .electra-attention .tokens b { order: 3; font-weight: normal; overflow-wrap: anywhere; }
    .electra-attention .tokens small { order: 2; font-variant-numeric: tabular-nums; }
    .electra-attention .track { order: 1; display: flex; align-items: flex-end; width: 100%; height: 44px; }
    .electra-attention .track i { width: 100%; background: rgb(${COLOUR}); }
    .electra-attention button[aria-pressed=true] { border-color: currentColor; box-shadow: 0 0 0 1px currentColor; }
    .electra-attention .tokens button[aria-pressed=true] b { font-weight: bold; }
    .electra-attention .maps { display: grid; gap: 6px; align-items: center; justify-content: start; }
    .electra-attention .maps button { padding: 1px; line-height: 0; }
    .electra-attention canvas { width: 100%; aspect-ratio: 1; image-rendering: pixelated; }
    .electra-attention .maps span { text-align: center; font-size: 85%; }
    .electra-attention p { margin: 0; }`;

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const start = (root) => {
    const { tokens, layers, heads, weights: stored, ...chosen } = JSON.parse(root.dataset.electraAttention);
    const weights = stored.split(' ').map(Number); // thousandths
    const count = tokens.length;
    const weight = (layer, head, from, to) => weights[((layer * heads + head) * count + from) * count + to];
    const text = (thousandths) => (thousandths / 1000).toFixed(3);
    const all = tokens.map((_, i) => i);
    const isEdge = (i) => tokens[i] === '[CLS]' || tokens[i] === '[SEP]';
    const words = all.filter((i) => !isEdge(i));
    let { layer, head } = chosen;
    let asking = words[0] ?? 0;
    let shown = all;

    const choice = (name, size) => {
      const select = make('select', { className: name }, ...Array.from({ length: size }, (_, i) => make('option', { value: i }, `${i}`)));
      select.onchange = () => { choose(Number(layerChoice.value), Number(headChoice.value)); };
      return select;
    };
    const layerChoice = choice('layer', layers);
    const headChoice = choice('head', heads);
    const hide = make('input', { type: 'checkbox' });
    hide.onchange = () => {
      shown = hide.checked ? words : all;
      asking = shown.includes(asking) ? asking : shown[0];
      maps.forEach(paint);
      draw();
    };

    const chips = tokens.map((token, i) => {
      const fill = make('i', {});
      const number = make('small', {});
      const track = make('span', { className: 'track' }, fill);
      const button = make('button', { type: 'button' }, make('b', { textContent: token }), track, number);
      button.onpointerenter = button.onfocus = button.onclick = () => { asking = i; draw(); };
      return { button, fill, number };
    });
    const line = make('div', { className: 'tokens' }, ...chips.map((chip) => chip.button));
    line.setAttribute('role', 'group');
    line.setAttribute('aria-label', 'Tokens; the arrow keys go from one to the next');
    line.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = step && shown[shown.indexOf(asking) + step];
      if (next !== undefined) {
        event.preventDefault();
        chips[next].button.focus();
      }
    };

    const status = make('p', { className: 'status' });
    status.setAttribute('role', 'status');

    const grid = make('div', { className: 'maps' });
    grid.style.gridTemplateColumns = `max-content repeat(${heads}, minmax(0, 60px))`;
    grid.append(make('span', {}), ...Array.from({ length: heads }, (_, i) => make('span', {}, `${i}`)));
    const maps = [];
    for (let l = 0; l < layers; l++) {
      grid.append(make('span', {}, `${l}`));
      for (let h = 0; h < heads; h++) {
        const canvas = make('canvas', {});
        // The two choices above do the same from the keyboard.
        const button = make('button', { type: 'button', tabIndex: -1, title: `Layer ${l}, attention head ${h}` }, canvas);
        button.setAttribute('aria-label', button.title);
        button.onclick = () => choose(l, h);
        maps.push({ layer: l, head: h, button, canvas });
        grid.append(button);
      }
    }

    const paint = (map) => {
      map.canvas.width = map.canvas.height = shown.length;
      const context = map.canvas.getContext('2d');
      const image = context.createImageData(shown.length, shown.length);
      shown.forEach((from, row) => shown.forEach((to, column) =>
        image.data.set([...COLOUR, Math.round(weight(map.layer, map.head, from, to) * 0.255)], 4 * (row * shown.length + column))));
      context.putImageData(image, 0, 0);
    };

    const choose = (newLayer, newHead) => {
      [layer, head] = [newLayer, newHead];
      draw();
    };

    const draw = () => {
      [layerChoice.value, headChoice.value] = [layer, head];
      const seen = (to) => weight(layer, head, asking, to);
      chips.forEach(({ button, fill, number }, i) => {
        button.hidden = !shown.includes(i);
        button.tabIndex = i === asking ? 0 : -1;
        button.setAttribute('aria-pressed', i === asking);
        fill.style.height = `${seen(i) / 10}%`;
        number.textContent = text(seen(i));
      });
      maps.forEach((map) => map.button.setAttribute('aria-pressed', map.layer === layer && map.head === head));
      const most = [...shown].sort((a, b) => seen(b) - seen(a) || a - b).slice(0, 3).map((to) => `${tokens[to]} ${text(seen(to))}`);
      const kept = shown.reduce((sum, to) => sum + seen(to), 0);
      status.textContent = `Layer ${layer}, attention head ${head}: ${tokens[asking]} looks at ${most.join(', ')}.` + (hide.checked
        ? ` The tokens shown get ${(kept / 1000).toFixed(2)} of its weight of 1; the hidden rest is not shared out among them.` : '');
    };

    const bar = make('div', { className: 'bar' }, make('label', {}, 'Layer', layerChoice), make('label', {}, 'Attention head', headChoice));
    if (words.length > 0 && words.length < count) {
      bar.append(make('label', {}, hide, 'Hide [CLS] and [SEP]'));
    }

    const still = make('details', {}, make('summary', { style: 'display: list-item; cursor: pointer' }, 'In short, as tables'), ...root.childNodes);
    root.append(make('style', { textContent: STYLE }), make('div', { className: 'electra-attention' }, bar,
      make('p', {}, 'Point at a token, or go there with Tab and the arrow keys: the bars are its weights, where it looks.'), line, status,
      make('p', {}, 'All layers (down) and attention heads (across), as small maps; a click chooses one:'), grid), still);
    // A key that is meant for the view is no shortcut of the notebook around it.
    root.dataset.lmSuppressShortcuts = 'true';
    root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' && !event.ctrlKey && !event.metaKey) {
        event.stopPropagation();
      }
    });
    maps.forEach(paint);
    draw();
  };

  for (const root of document.querySelectorAll('[data-electra-attention]:not([data-started])')) {
    root.dataset.started = 'true';
    start(root);
  }
})();
