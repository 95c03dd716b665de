/** Draw the network, choose in it, and walk from thing to thing. Without script the lists and the tables do. */
import cytoscape, { type Core, type EdgeSingular, type ElementDefinition, type NodeCollection, type NodeSingular, type StylesheetJson } from 'cytoscape';
import fcose from 'cytoscape-fcose';
import { colour, isDark, onSchemeChange } from '../parts/colours';
import { picture } from '../parts/drawing';
import { announce, data, element, fold, mark, reveal, word, words } from '../parts/page';
import { sortable } from '../parts/sortable';

interface Thing {
  id: string;
  label: string;
  sign: string;
  hue: string;
  href: string | null;
  degree: number;
  x: number;
  y: number;
}
interface Line {
  source: string;
  target: string;
  label: string;
  kind: string;
  since: string;
  until: string;
  claims: string;
}
type Sent = [number, number, string, string, string, string, string];

const BASE = 'https://w3id.org/vereend/';
const sent = data<{ nodes: Thing[]; lines: Sent[] }>('network', { nodes: [], lines: [] });
const nodes = sent.nodes;
const lines: Line[] = sent.lines.map(([source, target, label, kind, since, until, claims]) => ({
  source: nodes[source]?.id ?? '',
  target: nodes[target]?.id ?? '',
  label,
  kind,
  since,
  until,
  claims,
}));
const BIG = nodes.length > 400;
const things = new Map(nodes.map((one) => [one.id, one]));
const near = new Map<string, Set<string>>(nodes.map((one) => [one.id, new Set()]));
for (const line of lines) {
  near.get(line.source)?.add(line.target);
  near.get(line.target)?.add(line.source);
}
const canvas = document.getElementById('canvas');
const side = document.getElementById('side');
const form = document.querySelector<HTMLFormElement>('#ask');
const select = document.querySelector<HTMLSelectElement>('#node');
const far = document.querySelector<HTMLSelectElement>('#hops');
const lineRows = [...document.querySelectorAll<HTMLTableRowElement>('#lines tbody tr')];
const nodeRows = [...document.querySelectorAll<HTMLTableRowElement>('#nodes tbody tr')];

/** What is seen, all of it in the address, so that a view can be sent to someone. */
const state = {
  chosen: '',
  hops: 0,
  layout: BIG ? 'layered' : 'fcose',
  off: new Set<string>(), // kinds of thing ("s:") and of line ("k:") that are not ticked
  gone: new Set<string>(), // things hidden one by one
  open: new Set<string>(), // things whose neighbours were asked for
};
const listed: ['off', 'gone', 'open'] = ['off', 'gone', 'open'];

function short(id: string): string {
  return id.startsWith(BASE) ? id.slice(BASE.length) : id;
}
function long(name: string): string {
  return things.has(BASE + name) ? BASE + name : name;
}

function readState(): void {
  const asked = new URL(window.location.href).searchParams;
  state.chosen = select?.value ?? '';
  state.hops = Number(far?.value || 0);
  state.layout = asked.get('layout') ?? state.layout;
  for (const name of listed) {
    for (const one of (asked.get(name) ?? '').split(' ')) if (one) state[name].add(name === 'off' ? one : long(one));
  }
}

function address(chosen = state.chosen): string {
  const here = new URL(window.location.href);
  const set = (name: string, value: string): void => (value ? here.searchParams.set(name, value) : here.searchParams.delete(name));
  set('node', chosen);
  set('hops', state.hops ? String(state.hops) : '');
  set('layout', state.layout === (BIG ? 'layered' : 'fcose') ? '' : state.layout);
  for (const name of listed) set(name, [...state[name]].map(short).sort().join(' '));
  here.searchParams.delete('q');
  return here.href;
}

let shown = new Set<string>();
let crowded = BIG;
let moved = false; // something stands elsewhere than in its layer

/** Work out which things are seen. */
function look(): void {
  let reached = new Set(nodes.map((one) => one.id));
  if (state.hops && things.has(state.chosen)) {
    reached = new Set([state.chosen]);
    let edge = [state.chosen];
    for (let hop = 0; hop < state.hops; hop += 1) {
      edge = edge.flatMap((id) => [...(near.get(id) ?? [])]).filter((id) => !reached.has(id) && reached.add(id));
    }
  }
  for (const id of state.open) for (const other of near.get(id) ?? []) reached.add(other);
  shown = new Set([...reached].filter((id) => !state.gone.has(id) && !state.off.has(`s:${things.get(id)?.sign ?? ''}`)));
}

function hides(line: { source: string; target: string; kind: string }): boolean {
  return state.off.has(`k:${line.kind}`) || !shown.has(line.source) || !shown.has(line.target);
}

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
        'min-zoomed-font-size': 0,
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
    // Where there are very many, a line is thin and plain: the table says which way it leads.
    {
      selector: 'edge.many',
      style: { 'curve-style': 'haystack', 'line-style': 'solid', width: 1, 'line-opacity': 0.35, 'target-arrow-shape': 'none' },
    },
    // Neighbours of the chosen thing get thicker lines and bolder names; the rest stays readable.
    { selector: 'node.near', style: { 'font-weight': 700 } },
    { selector: 'edge.near', style: { width: 3.4, 'line-opacity': 1 } },
    { selector: 'node.chosen', style: { 'font-weight': 800, 'underlay-color': marker, 'underlay-opacity': 1, 'underlay-padding': 9, 'underlay-shape': 'ellipse' } },
    { selector: 'node:active', style: { 'overlay-opacity': 0 } },
    { selector: 'edge.way', style: { width: 4.5, 'underlay-color': marker, 'underlay-opacity': 1, 'underlay-padding': 4 } },
    { selector: 'node.way', style: { 'font-weight': 700, 'underlay-color': marker, 'underlay-opacity': 0.7, 'underlay-padding': 6, 'underlay-shape': 'ellipse' } },
    // Names that would cover others wait until there is room.
    { selector: 'node.mute', style: { label: '' } },
    { selector: '.off', style: { display: 'none' } },
  ];
}

let cy: Core | undefined;

function seen(): NodeCollection {
  return (cy as Core).nodes().not('.off');
}

function draw(into: HTMLElement): Core {
  // Cytoscape would write a style element of its own unless one with this name is there; what it says stands in base.css.
  document.head.append(element('meta', { id: '__________cytoscape_stylesheet' }));
  cytoscape.use(fcose);
  const box = element('div', { class: 'drawing' });
  into.prepend(box);
  const elements: ElementDefinition[] = [
    ...nodes.map((one) => ({ data: { id: one.id, label: one.label, sign: one.sign }, position: { x: one.x, y: one.y }, classes: BIG ? 'mute' : '' })),
    ...lines.map((one, i) => ({ data: { source: one.source, target: one.target, kind: one.kind, id: `line-${i}` }, classes: BIG ? 'many' : '' })),
  ];
  const drawn = cytoscape({
    container: box,
    elements,
    style: styles(),
    layout: { name: 'preset' },
    minZoom: 0.04,
    maxZoom: 3,
    // A wheel over the drawing scrolls the page; the buttons change the size, and so does the wheel with Ctrl.
    userZoomingEnabled: false,
    boxSelectionEnabled: false,
    autounselectify: true,
    hideEdgesOnViewport: BIG,
    textureOnViewport: BIG,
  });
  drawn.on('tap', 'node', (event) => choose((event.target as NodeSingular).id()));
  drawn.on('mouseover', 'node', (event) => {
    box.classList.add('pointing');
    (event.target as NodeSingular).removeClass('mute');
  });
  drawn.on('mouseout', 'node', () => {
    box.classList.remove('pointing');
    soon();
  });
  drawn.on('pan zoom resize dragfree', soon);
  drawn.on('dragfree', () => (moved = true));
  box.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      closer(event.deltaY < 0 ? 1.15 : 0.87);
    },
    { passive: false },
  );
  return drawn;
}

function closer(times: number): void {
  if (cy) cy.zoom({ level: cy.zoom() * times, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

function arrange(): void {
  if (!cy) return;
  const few = seen().length <= 250;
  if (state.layout === 'layered') {
    if (moved) cy.nodes().positions((node) => ({ x: things.get(node.id())?.x ?? 0, y: things.get(node.id())?.y ?? 0 }));
    moved = false;
  } else {
    const options =
      state.layout === 'circle'
        ? { name: 'circle', animate: false, padding: 30, spacingFactor: 1 }
        : {
            name: 'fcose',
            animate: false,
            randomize: true,
            quality: few ? 'proof' : seen().length > 800 ? 'draft' : 'default',
            nodeDimensionsIncludeLabels: few,
            nodeRepulsion: 9000,
            idealEdgeLength: 95,
            edgeElasticity: 0.35,
            gravity: 0.2,
            numIter: few ? 4000 : 800,
            padding: 30,
          };
    const layout = cy.elements().not('.off').layout(options as cytoscape.LayoutOptions);
    alike(() => layout.run());
    moved = true;
  }
  settle(few && state.layout !== 'layered');
}

/** Draw out to the box and push names apart, some times over; keep the round in which fewest names have to wait. */
function settle(pushing: boolean): void {
  if (!cy) return;
  if (seen().length > 250) {
    whole();
    tidy();
    return;
  }
  let fewest = Infinity;
  let best = new Map<string, { x: number; y: number }>();
  for (let round = 0; round < (pushing ? 9 : 1) && fewest; round += 1) {
    stretch();
    if (pushing && round) part();
    whole();
    const waits = tidy();
    if (waits < fewest) {
      fewest = waits;
      best = new Map(seen().map((node) => [node.id(), { ...node.position() }]));
    }
  }
  seen().positions((node) => best.get(node.id()) ?? node.position());
  whole();
  tidy();
}

/** Show all of it. */
function whole(): void {
  if (!cy) return;
  cy.fit(seen(), 30);
  if (cy.zoom() > 1.25) cy.zoom(1.25);
  cy.center(seen());
  // On a small screen a part that can be read is more use than the whole that cannot.
  if (cy.width() > 500 || cy.zoom() >= 0.75) return;
  cy.zoom(0.75);
  const chosen = cy.$('.chosen');
  cy.center(chosen.nonempty() ? chosen : seen().max((node) => things.get(node.id())?.degree ?? 0).ele);
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
  if (!cy || seen().length > 250) return;
  const box = seen().boundingBox({ includeLabels: false });
  const wide = (Math.max(cy.width(), 700) - 150) / Math.max(box.w, 1);
  const high = (cy.height() - 90) / Math.max(box.h, 1);
  const least = state.layout === 'layered' ? 0.9 : 0.5;
  const [x, y] = [Math.max(0.5, wide), Math.max(least, high)].map((ratio) => Math.min(2.4, ratio)) as [number, number];
  moved = true;
  seen().positions((node) => ({ x: (node.position('x') - box.x1) * x, y: (node.position('y') - box.y1) * y }));
}

/** Push things apart whose names would cover each other. */
function part(): void {
  if (!cy) return;
  const size = Math.max(13, 12 / (cy.zoom() || 1));
  seen().removeClass('mute').style({ 'font-size': size });
  const nodes = seen().toArray();
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

let waiting = 0;
function soon(): void {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(tidy, 90);
}

const pen = document.createElement('canvas').getContext('2d');
const widths = new Map<string, number>();
function width(text: string): number {
  let found = widths.get(text);
  if (found === undefined) {
    if (pen) pen.font = '600 13px "Source Sans 3", sans-serif';
    found = pen?.measureText(text).width ?? text.length * 7;
    widths.set(text, found);
  }
  return found;
}

/**
 * Keep names readable at every size: never under 12 pixels, never over each other or a mark; the most linked go first.
 * Gives how many have to wait.
 */
function tidy(): number {
  if (!cy) return 0;
  const zoom = cy.zoom();
  const size = Math.max(13, 12 / zoom);
  const most = (state.layout === 'layered' ? 13 : 10) * size; // where a name breaks into lines
  const taken = new Map<string, [number, number, number, number][]>();
  const cells = (box: [number, number, number, number]): string[] => {
    const found = [];
    for (let x = Math.floor(box[0] / 80); x <= Math.floor(box[2] / 80); x += 1) {
      for (let y = Math.floor(box[1] / 80); y <= Math.floor(box[3] / 80); y += 1) found.push(`${x} ${y}`);
    }
    return found;
  };
  const free = (box: [number, number, number, number]): boolean =>
    !cells(box).some((cell) => taken.get(cell)?.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3]));
  const take = (box: [number, number, number, number]): void => {
    for (const cell of cells(box)) taken.set(cell, [...(taken.get(cell) ?? []), box]);
  };
  const rank = (node: NodeSingular): number =>
    (node.hasClass('chosen') ? 4000 : 0) + (node.hasClass('way') ? 2000 : 0) + (node.hasClass('near') ? 1000 : 0) + (things.get(node.id())?.degree ?? 0);
  const ranked = seen().toArray().sort((a, b) => rank(b) - rank(a) || (a.id() < b.id() ? -1 : 1));
  let waits = 0;
  if (ranked.length <= 400) {
    for (const node of ranked) {
      const { x, y } = node.renderedPosition();
      const [across, down] = [(node.width() / 2) * zoom, (node.height() / 2) * zoom];
      take([x - across, y - down, x + across, y + down]);
    }
  }
  const named: NodeSingular[] = [];
  const [right, bottom] = [(cy.width() as number) + 200, (cy.height() as number) + 200];
  for (const node of ranked) {
    const { x, y } = node.renderedPosition();
    if (x < -200 || y < -200 || x > right || y > bottom) continue;
    const text = width((node.data('label') as string) ?? '') * (size / 13) * 1.04;
    const rows = Math.ceil(text / (most * 0.85));
    const wide = ((Math.min(text, most) + 6) * zoom) / 2;
    const top = y + (node.height() / 2 + 3) * zoom;
    const box: [number, number, number, number] = [x - wide, top, x + wide, top + (rows * size * 1.12 + 3) * zoom];
    if (node.hasClass('chosen') || free(box)) {
      take(box);
      named.push(node);
    } else waits += 1;
  }
  // Only what changes is touched: styling thousands of things anew is what makes a large drawing slow.
  const keeps = new Set(named.map((node) => node.id()));
  cy.batch(() => {
    for (const node of ranked) if (!keeps.has(node.id()) && !node.hasClass('mute')) node.addClass('mute');
    for (const node of named) {
      if (node.scratch('size') !== size || node.scratch('most') !== most) node.style({ 'font-size': size, 'text-max-width': `${most}px` });
      node.scratch('size', size).scratch('most', most).removeClass('mute');
    }
  });
  say(waits);
  return waits;
}

function say(waits: number): void {
  const status = document.querySelector('[data-status]');
  const drawn = lines.filter((one) => !hides(one)).length;
  const gone = nodes.length - shown.size + lines.length - drawn;
  const told = [word('things', { n: shown.size }), word('lines', { n: drawn }), gone ? word('hidden', { n: gone }) : word('nothing hidden')];
  if (waits) told.push(word('names', { n: waits }));
  if (status) status.textContent = told.join(', ');
  const count = document.querySelector('[data-rows]');
  if (count) count.textContent = word('lines', { n: drawn });
}

/** Bring drawing and tables up to what is to be seen. */
function show(again: boolean): void {
  look();
  cy?.batch(() => {
    const turn = (one: NodeSingular | EdgeSingular, off: boolean): void => {
      if (one.hasClass('off') !== off) one.toggleClass('off', off);
    };
    cy?.nodes().forEach((node) => turn(node, !shown.has(node.id())));
    cy?.edges().forEach((edge) => turn(edge, hides(edge.data() as Line)));
    const many = lines.filter((line) => !hides(line)).length > 1200;
    if (many !== crowded) cy?.edges().toggleClass('many', many);
    crowded = many;
  });
  for (const row of lineRows) {
    const { source = '', target = '', kind = '' } = row.dataset;
    row.hidden = hides({ source, target, kind });
  }
  for (const row of nodeRows) row.hidden = !shown.has(row.dataset['node'] ?? '');
  const everything = document.querySelector<HTMLButtonElement>('[data-everything]');
  if (everything) everything.disabled = !(state.off.size || state.gone.size || state.hops);
  if (again) arrange();
  else tidy();
  window.history.replaceState(null, '', address());
}

/** Choose a thing: mark it, list its neighbours, and mark its lines in the table. */
function choose(id: string, quietly = false): void {
  const thing = things.get(id);
  if (!thing || !side) return;
  state.chosen = id;
  if (select) {
    if (![...select.options].some((one) => one.value === id)) select.append(element('option', { value: id }, thing.label));
    select.value = id;
  }
  const mine = lines.filter((one) => one.source === id || one.target === id);
  const neighbours = mine.map((one) => {
    const outward = one.source === id;
    const other = things.get(outward ? one.target : one.source) as Thing;
    const link = element('a', { class: `k-${other.hue}`, href: address(other.id), 'data-choose': other.id });
    const said = [outward ? `${one.label} ›` : `‹ ${one.label}`, one.since && `${one.since} –`, one.claims].filter(Boolean).join(' · ');
    link.append(mark(other.sign), element('span', {}, other.label), element('span', { class: 'd' }, said));
    return element('li', {}, link);
  });
  const kind = element('span', { class: `k k-${thing.hue}` });
  kind.append(mark(thing.sign), element('span', {}, words('signs')[thing.sign] ?? ''));
  const act = (name: string, does: () => void): HTMLButtonElement => {
    const button = element('button', { class: 'btn quiet small', type: 'button' }, word(name));
    button.addEventListener('click', does);
    return button;
  };
  side.replaceChildren(
    element('h2', { class: 'side-h', tabindex: '-1' }, thing.label),
    element('p', { class: 'small mt-1 mb-4' }, kind),
    ...(neighbours.length
      ? [element('h3', { class: 'legend-h' }, word('neighbours')), element('ul', { class: 'nb' }, ...neighbours)]
      : [element('p', { class: 'small' }, word('none'))]),
    element(
      'div',
      { class: 'row' },
      ...(thing.href ? [element('a', { class: 'btn quiet small', href: thing.href }, word('page'))] : []),
      act('expand', () => {
        state.open.add(id);
        for (const other of near.get(id) ?? []) state.gone.delete(other);
        show(true);
      }),
      act('alone', () => {
        state.hops = 1;
        if (far) far.value = '1';
        state.open.clear();
        show(true);
      }),
      act('hide', () => {
        state.gone.add(id);
        show(false);
      }),
    ),
  );
  for (const row of lineRows) row.classList.toggle('chosen', row.dataset['source'] === id || row.dataset['target'] === id);
  if (!shown.has(id)) {
    state.gone.delete(id);
    if (state.hops) state.open.add(id);
  }
  cy?.elements().removeClass('chosen near');
  const node = cy?.getElementById(id);
  node?.addClass('chosen');
  node?.neighborhood().addClass('near');
  show(!quietly && state.hops > 0);
  if (node?.nonempty() && cy && !inView(node)) cy.center(node);
  if (!quietly) announce(word('chosen', { name: thing.label }));
}

function inView(node: NodeSingular): boolean {
  const { x, y } = node.renderedPosition();
  return x > 20 && y > 20 && x < (cy?.width() ?? 0) - 20 && y < (cy?.height() ?? 0) - 20;
}

/** Mark the way that was asked for. */
function markWay(): void {
  for (const step of document.querySelectorAll<HTMLElement>('#steps li')) {
    const { source = '', target = '' } = step.dataset;
    const ends = [source, target].map((id) => cy?.getElementById(id));
    for (const end of ends) end?.addClass('way');
    if (ends[0] && ends[1]) ends[0].edgesWith(ends[1]).addClass('way');
  }
}

function save(form: string): void {
  if (!cy) return;
  const name = `vereend-network-${new URL(window.location.href).searchParams.get('case') ?? 'plein'}.${form}`;
  const made =
    form === 'png'
      ? cy.png({ output: 'blob', full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: colour('sheet') })
      : new Blob([picture(cy, colour('ink'), colour('sheet'))], { type: 'image/svg+xml' });
  const link = element('a', { href: URL.createObjectURL(made as Blob), download: name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  announce(word('saved', { name }));
}

async function begin(into: HTMLElement): Promise<void> {
  reveal();
  into.querySelector('noscript')?.remove();
  // A label is measured when it is first drawn, and would be cut off if its font came later.
  await Promise.allSettled([500, 600, 700, 800].map((weight) => document.fonts.load(`${weight} 13px "Source Sans 3"`)));
  readState();
  for (const box of document.querySelectorAll<HTMLInputElement>('[data-sign], input[data-kind]')) {
    const { sign, kind } = box.dataset;
    const name = sign ? `s:${sign}` : `k:${kind ?? ''}`;
    box.checked = !state.off.has(name);
    box.addEventListener('change', () => {
      if (box.checked) state.off.delete(name);
      else state.off.add(name);
      show(false);
    });
  }
  cy = draw(into);
  look();
  markWay();
  onSchemeChange(() => cy?.style(styles()));
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-layout]')) {
    const press = (): void => {
      for (const other of document.querySelectorAll<HTMLElement>('[data-layout]')) {
        other.setAttribute('aria-pressed', String(other.dataset['layout'] === state.layout));
      }
    };
    press();
    button.addEventListener('click', () => {
      state.layout = button.dataset['layout'] ?? 'fcose';
      press();
      show(true);
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-zoom]')) {
    button.addEventListener('click', () => {
      const how = button.dataset['zoom'];
      if (how === 'fit') whole();
      else closer(how === 'in' ? 1.25 : 0.8);
    });
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-save]')) {
    button.addEventListener('click', () => save(button.dataset['save'] ?? 'png'));
  }
  document.querySelector('[data-everything]')?.addEventListener('click', () => {
    for (const name of listed) state[name].clear();
    state.hops = 0;
    if (far) far.value = '';
    for (const box of document.querySelectorAll<HTMLInputElement>('[data-sign], input[data-kind]')) box.checked = true;
    show(true);
  });
  select?.addEventListener('change', () => choose(select.value));
  far?.addEventListener('change', () => {
    state.hops = Number(far.value || 0);
    state.open.clear();
    show(true);
  });
  form?.addEventListener('submit', (event) => {
    const typed = fold(form.querySelector<HTMLInputElement>('[name=q]')?.value.trim() ?? '');
    if (!typed || event.submitter?.closest('details')) return;
    const exact = nodes.filter((one) => fold(one.label) === typed);
    const found = exact.length ? exact : nodes.filter((one) => fold(one.label).includes(typed));
    const one = found[0];
    if (found.length !== 1 || !one) return; // the page of matches comes from the server
    event.preventDefault();
    choose(one.id);
    side?.querySelector<HTMLElement>('h2')?.focus();
  });
  // Lists that lead from thing to thing: beside the drawing, and the table of things.
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('.nb a, #nodes th a');
    if (!link || event.ctrlKey || event.metaKey) return;
    const id = link.dataset['choose'] ?? new URL(link.href).searchParams.get('node') ?? '';
    if (!things.has(id)) return;
    event.preventDefault();
    choose(id);
    side?.querySelector<HTMLElement>('h2')?.focus();
  });
  const table = document.getElementById('nodes');
  if (table instanceof HTMLTableElement) sortable(table);
  if (state.chosen) choose(state.chosen, true);
  show(true);
}

if (canvas && nodes.length) await begin(canvas);
