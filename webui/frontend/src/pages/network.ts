/** Draw the network, filter it, and walk from thing to thing. Without script the list and the table do. */
import cytoscape, { type Core, type ElementDefinition, type NodeSingular, type StylesheetJson } from 'cytoscape';
import fcose from 'cytoscape-fcose';
import { colour, isDark, onSchemeChange } from '../parts/colours';
import { announce, data, element, mark, reveal, word, words } from '../parts/page';

interface Thing {
  id: string;
  label: string;
  sign: string;
  hue: string;
  href: string | null;
}
interface Line {
  source: string;
  target: string;
  label: string;
  kind: string;
}
interface Network {
  nodes: Thing[];
  lines: Line[];
}

const network = data<Network>('network', { nodes: [], lines: [] });
const canvas = document.getElementById('canvas');
const side = document.getElementById('side');
const select = document.querySelector<HTMLSelectElement>('#node');
const hidden = { signs: new Set<string>(), kinds: new Set<string>() };
const things = new Map(network.nodes.map((one) => [one.id, one]));
reveal();

// Polygons of the design, each by its silhouette.
const SHIELD = '-0.8 -0.8 0.8 -0.8 0.8 0 0.62 0.45 0 0.95 -0.62 0.45 -0.8 0';
const SHEET = '-0.72 -0.9 0.2 -0.9 0.72 -0.37 0.72 0.9 -0.72 0.9';

function styles(): StylesheetJson {
  const ink = colour('ink');
  const sheet = colour('sheet');
  const marker = colour('marker');
  const hue = { actor: colour('actor'), power: colour('power'), safeguard: colour('safeguard'), mandate: colour('mandate') };
  const faint = colour('ink-3');
  const picture = (name: string): string => `/static/marks/${name}-${isDark() ? 'dark' : 'light'}.svg`;
  const line = (kind: string, look: Record<string, unknown>): StylesheetJson[number] => ({ selector: `edge[kind = "${kind}"]`, style: look });
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        'font-family': '"Source Sans 3", sans-serif',
        'font-size': 13,
        'font-weight': 500,
        color: ink,
        'text-outline-color': sheet,
        'text-outline-width': 3,
        'text-valign': 'bottom',
        'text-margin-y': 4,
        'text-wrap': 'wrap',
        'text-max-width': '130px',
        width: 20,
        height: 20,
        'background-color': hue.actor,
        'overlay-opacity': 0,
      },
    },
    { selector: 'node[sign = "police"]', style: { width: 18, height: 18, 'outline-width': 2, 'outline-offset': 3, 'outline-color': hue.actor } as object },
    { selector: 'node[sign = "private"]', style: { width: 16, height: 16, 'background-color': sheet, 'border-width': 3, 'border-color': hue.actor } },
    {
      selector: 'node[sign = "civil"]',
      style: {
        width: 18,
        height: 18,
        'background-color': sheet,
        'border-width': 2,
        'border-color': hue.actor,
        'pie-size': '100%',
        'pie-start-angle': '180deg',
        'pie-1-background-color': hue.actor,
        'pie-1-background-size': 50,
      } as object,
    },
    { selector: 'node[sign = "power"]', style: { shape: 'triangle', 'background-color': hue.power, width: 24, height: 22 } },
    { selector: 'node[sign = "power-soft"]', style: { shape: 'triangle', 'background-color': sheet, 'border-width': 2.5, 'border-color': hue.power } },
    { selector: 'node[sign = "safeguard"]', style: { shape: 'polygon', 'shape-polygon-points': SHIELD, 'background-color': hue.safeguard, width: 26, height: 26 } },
    { selector: 'node[sign = "mandate"]', style: { shape: 'polygon', 'shape-polygon-points': SHEET, 'background-color': hue.mandate, width: 26, height: 24 } },
    {
      selector: 'node[sign = "law"]',
      style: { shape: 'rectangle', 'background-color': sheet, 'background-image': picture('law'), 'background-fit': 'contain', width: 20, height: 22 },
    },
    {
      selector: 'node[sign = "partnership"]',
      style: { shape: 'ellipse', 'background-color': sheet, 'background-image': picture('partnership'), 'background-fit': 'contain', width: 40, height: 28, 'font-weight': 600 },
    },
    {
      selector: 'edge',
      style: { width: 1.4, 'curve-style': 'bezier', 'line-color': faint, 'target-arrow-color': faint, 'arrow-scale': 0.9, 'overlay-opacity': 0 },
    },
    line('has-power', { width: 2.4, 'line-color': hue.power, 'target-arrow-color': hue.power, 'target-arrow-shape': 'triangle' }),
    line('mandate', {
      width: 1.8,
      'line-color': hue.mandate,
      'target-arrow-color': hue.mandate,
      'target-arrow-shape': 'triangle',
      'line-style': 'dashed',
      'line-dash-pattern': [9, 3, 2, 3],
    }),
    line('safeguard', {
      width: 2,
      'line-color': hue.safeguard,
      'target-arrow-color': hue.safeguard,
      'target-arrow-shape': 'triangle',
      'line-style': 'dashed',
      'line-dash-pattern': [7, 4],
    }),
    line('tie', {
      width: 2.2,
      'line-color': hue.actor,
      'target-arrow-color': hue.actor,
      'target-arrow-shape': 'triangle',
      'line-style': 'dashed',
      'line-dash-pattern': [1.5, 4],
      'line-cap': 'round',
    }),
    line('basis', { width: 1.2, 'line-color': ink, 'target-arrow-color': ink, 'target-arrow-shape': 'triangle' }),
    // Neighbours of the chosen thing get thicker lines and bolder names; the rest stays readable.
    { selector: 'node.near', style: { 'font-weight': 700 } },
    { selector: 'edge.near', style: { width: 3.4 } },
    { selector: 'node.chosen', style: { 'font-weight': 800, 'underlay-color': marker, 'underlay-opacity': 1, 'underlay-padding': 9, 'underlay-shape': 'ellipse' } },
    { selector: 'node:active', style: { 'overlay-opacity': 0 } },
    { selector: '.off', style: { display: 'none' } },
  ];
}

let cy: Core | undefined;

function draw(into: HTMLElement): Core {
  // Cytoscape would write a style element of its own unless one with this name is there; what it says stands in base.css.
  document.head.append(element('meta', { id: '__________cytoscape_stylesheet' }));
  cytoscape.use(fcose);
  const box = element('div', { class: 'drawing' });
  into.prepend(box);
  const elements: ElementDefinition[] = [
    ...network.nodes.map((one) => ({ data: { ...one } })),
    ...network.lines.map((one, i) => ({ data: { ...one, id: `line-${i}` } })),
  ];
  const drawn = cytoscape({
    container: box,
    elements,
    style: styles(),
    layout: { name: 'preset' },
    minZoom: 0.3,
    maxZoom: 3,
    // A wheel over the drawing scrolls the page; the buttons change the size.
    userZoomingEnabled: false,
    boxSelectionEnabled: false,
    autounselectify: true,
  });
  drawn.on('tap', 'node', (event) => choose((event.target as NodeSingular).id()));
  drawn.on('mouseover', 'node', () => box.classList.add('pointing'));
  drawn.on('mouseout', 'node', () => box.classList.remove('pointing'));
  return drawn;
}

function arrange(name: string): void {
  if (!cy) return;
  const options =
    name === 'fcose'
      ? {
          name,
          animate: false,
          randomize: true,
          quality: 'proof',
          nodeDimensionsIncludeLabels: true,
          nodeRepulsion: 9000,
          idealEdgeLength: 95,
          edgeElasticity: 0.35,
          gravity: 0.2,
          numIter: 4000,
          padding: 30,
        }
      : name === 'breadthfirst'
        ? { name, animate: false, directed: true, spacingFactor: 1.1, padding: 30, nodeDimensionsIncludeLabels: true }
        : { name, animate: false, padding: 30, spacingFactor: 1 };
  const layout = cy.layout(options as cytoscape.LayoutOptions);
  alike(() => layout.run());
  stretch();
  fit();
}

/** Do something with chances that fall the same each time, so that the same network is drawn the same. */
function alike(act: () => void): void {
  const chance = Math.random;
  let seed = 7;
  Math.random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  try {
    act();
  } finally {
    Math.random = chance;
  }
}

/** Use the whole box: draw the arrangement out to its width and height, as far as that keeps it readable. */
function stretch(): void {
  if (!cy) return;
  const box = cy.nodes().boundingBox({ includeLabels: false });
  const wide = (cy.width() - 170) / Math.max(box.w, 1);
  const high = (cy.height() - 110) / Math.max(box.h, 1);
  const [x, y] = [wide, high].map((ratio) => Math.min(2.4, Math.max(cy && cy.width() < 500 ? 0.8 : 0.5, ratio))) as [number, number];
  cy.nodes().positions((node) => ({ x: (node.position('x') - box.x1) * x, y: (node.position('y') - box.y1) * y }));
  part();
}

/** Push things apart whose names would cover each other. */
function part(): void {
  if (!cy) return;
  const nodes = cy.nodes().toArray();
  const boxes = nodes.map((node) => {
    const box = node.boundingBox({ includeLabels: true, includeOverlays: false });
    const { x, y } = node.position();
    return { x, y, left: x - box.x1, right: box.x2 - x, top: y - box.y1, bottom: box.y2 - y };
  });
  for (let round = 0; round < 60; round += 1) {
    let moved = false;
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) {
        const [a, b] = [boxes[i], boxes[j]];
        if (!a || !b) continue;
        const across = a.x < b.x ? a.x + a.right - (b.x - b.left) : b.x + b.right - (a.x - a.left);
        const down = a.y < b.y ? a.y + a.bottom - (b.y - b.top) : b.y + b.bottom - (a.y - a.top);
        if (across <= 0 || down <= 0) continue;
        moved = true;
        if (across < down) {
          const step = ((a.x < b.x ? 1 : -1) * across) / 2;
          a.x -= step;
          b.x += step;
        } else {
          const step = ((a.y < b.y ? 1 : -1) * down) / 2;
          a.y -= step;
          b.y += step;
        }
      }
    }
    if (!moved) break;
  }
  nodes.forEach((node, i) => node.position({ x: boxes[i]?.x ?? 0, y: boxes[i]?.y ?? 0 }));
}

/** Show all of it, but never so small that names cannot be read. */
function fit(): void {
  if (!cy) return;
  cy.fit(undefined, 24);
  if (cy.zoom() > 1.25) cy.zoom(1.25);
  if (cy.zoom() < 0.72) cy.zoom(0.72);
  cy.center(cy.$('.chosen').nonempty() && cy.zoom() <= 0.72 ? cy.$('.chosen') : undefined);
}

function hides(line: Line): boolean {
  const ends = [things.get(line.source), things.get(line.target)];
  return hidden.kinds.has(line.kind) || ends.some((end) => hidden.signs.has(end?.sign ?? ''));
}

function filter(): void {
  cy?.nodes().forEach((node) => void node.toggleClass('off', hidden.signs.has(node.data('sign') as string)));
  cy?.edges().forEach((edge) => void edge.toggleClass('off', hides(edge.data() as Line)));
  const lines = network.lines.filter((one) => !hides(one)).length;
  const nodes = network.nodes.filter((one) => !hidden.signs.has(one.sign)).length;
  const gone = network.nodes.length - nodes + network.lines.length - lines;
  const status = document.querySelector('[data-status]');
  const told = `${word('things', { n: nodes })}, ${word('lines', { n: lines })}, ${gone ? word('hidden', { n: gone }) : word('nothing hidden')}`;
  if (status) status.textContent = told;
  const rows = document.querySelectorAll<HTMLTableRowElement>('#lines tbody tr');
  rows.forEach((row) => {
    const { source = '', target = '', kind = '' } = row.dataset;
    row.hidden = hides({ source, target, kind, label: '' });
  });
  const count = document.querySelector('[data-rows]');
  if (count) count.textContent = word('lines', { n: lines });
}

/** Choose a thing: mark it, list its neighbours, and mark its lines in the table. */
function choose(id: string, quietly = false): void {
  const thing = things.get(id);
  if (!thing || !side) return;
  cy?.elements().removeClass('chosen near');
  const node = cy?.getElementById(id);
  node?.addClass('chosen');
  node?.neighborhood().addClass('near');
  if (select) select.value = id;
  const lines = network.lines.filter((one) => one.source === id || one.target === id);
  const neighbours = lines.map((one) => {
    const outward = one.source === id;
    const other = things.get(outward ? one.target : one.source) as Thing;
    const link = element('a', { class: `k-${other.hue}`, href: address(other.id) });
    link.append(mark(other.sign), element('span', {}, other.label), element('span', { class: 'd' }, outward ? `${one.label} ›` : `‹ ${one.label}`));
    link.addEventListener('click', (event) => {
      event.preventDefault();
      choose(other.id);
      side.querySelector<HTMLElement>('h2')?.focus();
    });
    return element('li', {}, link);
  });
  const kind = element('span', { class: `k k-${thing.hue}` });
  kind.append(mark(thing.sign), element('span', {}, words('signs')[thing.sign] ?? ''));
  side.replaceChildren(
    element('h2', { class: 'side-h', tabindex: '-1' }, thing.label),
    element('p', { class: 'small mt-1 mb-4' }, kind),
    ...(neighbours.length
      ? [element('h3', { class: 'legend-h' }, word('neighbours')), element('ul', { class: 'nb' }, ...neighbours)]
      : [element('p', { class: 'small' }, word('none'))]),
    ...(thing.href ? [element('p', {}, element('a', { class: 'btn quiet small', href: thing.href }, word('page')))] : []),
  );
  for (const row of document.querySelectorAll<HTMLTableRowElement>('#lines tbody tr')) {
    row.classList.toggle('chosen', row.dataset['source'] === id || row.dataset['target'] === id);
  }
  if (node && cy && !inView(node)) cy.center(node);
  if (!quietly) {
    window.history.replaceState(null, '', address(id));
    announce(word('chosen', { name: thing.label }));
  }
}

function inView(node: NodeSingular): boolean {
  const { x, y } = node.renderedPosition();
  return x > 20 && y > 20 && x < (cy?.width() ?? 0) - 20 && y < (cy?.height() ?? 0) - 20;
}

function address(id: string): string {
  const here = new URL(window.location.href);
  here.searchParams.set('node', id);
  return here.href;
}

if (canvas && network.nodes.length) {
  canvas.querySelector('noscript')?.remove();
  // A label is measured when it is first drawn, and would be cut off if its font came later.
  await Promise.allSettled([500, 600, 700, 800].map((weight) => document.fonts.load(`${weight} 13px "Source Sans 3"`)));
  cy = draw(canvas);
  arrange('fcose');
  onSchemeChange(() => cy?.style(styles()));
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-layout]')) {
    button.addEventListener('click', () => {
      for (const other of document.querySelectorAll('[data-layout]')) other.setAttribute('aria-pressed', String(other === button));
      arrange(button.dataset['layout'] ?? 'fcose');
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-zoom]')) {
    button.addEventListener('click', () => {
      if (!cy) return;
      const how = button.dataset['zoom'];
      if (how === 'fit') return fit();
      cy.zoom({ level: cy.zoom() * (how === 'in' ? 1.25 : 0.8), renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    });
  }
  select?.addEventListener('change', () => choose(select.value));
  for (const box of document.querySelectorAll<HTMLInputElement>('[data-sign], input[data-kind]')) {
    box.addEventListener('change', () => {
      const { sign, kind } = box.dataset;
      const set = sign ? hidden.signs : hidden.kinds;
      if (box.checked) set.delete(sign ?? kind ?? '');
      else set.add(sign ?? kind ?? '');
      filter();
    });
  }
  side?.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('.nb a');
    const id = link ? new URL(link.href).searchParams.get('node') : null;
    if (!id || event.defaultPrevented) return;
    event.preventDefault();
    choose(id);
    side.querySelector<HTMLElement>('h2')?.focus();
  });
  filter();
  if (select?.value) choose(select.value, true);
}
