/** The drawing as it stands, as an SVG that needs nothing else: for print, and to be worked on. */
import type { Core, EdgeSingular, NodeSingular } from 'cytoscape';

const SHAPES: Record<string, string> = {
  police: '<circle r="10" fill="none" stroke="C" stroke-width="2"/><circle r="5.5" fill="C"/>',
  actor: '<circle r="9" fill="C"/>',
  private: '<circle r="8" fill="P" stroke="C" stroke-width="3"/>',
  civil: '<circle r="8.5" fill="P" stroke="C" stroke-width="2"/><path d="M0-8.5a8.5 8.5 0 0 0 0 17z" fill="C"/>',
  power: '<path d="M0-10 11 9H-11z" fill="C"/>',
  'power-soft': '<path d="M0-9 10 8H-10z" fill="P" stroke="C" stroke-width="2.5"/>',
  safeguard: '<path d="M-9-9H9V0C9 6 4 9 0 11-4 9-9 6-9 0z" fill="C"/>',
  mandate: '<path d="M-8-10H3l5 5V10H-8z" fill="C"/>',
  law: '<text y="7" text-anchor="middle" font-size="20" fill="I">§</text>',
  partnership: '<circle cx="-5" r="9" fill="none" stroke="I" stroke-width="1.6"/><circle cx="5" r="9" fill="none" stroke="I" stroke-width="1.6"/>',
};

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}

function line(edge: EdgeSingular): string {
  const [a, b] = [edge.sourceEndpoint(), edge.targetEndpoint()];
  const dashes = edge.style('line-style') === 'dashed' ? ` stroke-dasharray="${String(edge.style('line-dash-pattern')).replace(/,/g, ' ')}"` : '';
  const hue = String(edge.style('line-color'));
  const turn = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const tip = edge.data('kind') === 'works-with' ? '' : `<path transform="translate(${b.x.toFixed(1)} ${b.y.toFixed(1)}) rotate(${turn.toFixed(1)})" d="M0 0-9 4V-4z" fill="${hue}"/>`;
  return `<path d="M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}" fill="none" stroke="${hue}" stroke-width="${parseFloat(String(edge.style('width')))}"${dashes}/>${tip}`;
}

function node(one: NodeSingular, ink: string, paper: string): string {
  const { x, y } = one.position();
  const sign = String(one.data('sign'));
  const border = sign === 'private' || sign === 'civil' || sign === 'power-soft';
  const hue = String(one.style(border ? 'border-color' : 'background-color'));
  const shape = (SHAPES[sign] ?? '').replace(/"C"/g, `"${hue}"`).replace(/"P"/g, `"${paper}"`).replace(/"I"/g, `"${ink}"`);
  const size = parseFloat(String(one.style('font-size')));
  const name = one.hasClass('mute') ? '' : `<text y="${(14 + size).toFixed(1)}" text-anchor="middle" font-size="${size.toFixed(1)}" fill="${ink}" stroke="${paper}" stroke-width="3" paint-order="stroke">${escaped(String(one.data('label')))}</text>`;
  return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"><title>${escaped(String(one.data('label')))}</title>${shape}${name}</g>`;
}

/** Write what is seen. Colours are those of the scheme the page has now. */
export function picture(cy: Core, ink: string, paper: string): string {
  const seen = cy.elements().not('.off');
  const box = seen.boundingBox({});
  const view = [box.x1 - 20, box.y1 - 20, box.w + 40, box.h + 40].map((n) => n.toFixed(0)).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" font-family="Source Sans 3, Helvetica, Arial, sans-serif">`,
    `<rect x="${(box.x1 - 20).toFixed(0)}" y="${(box.y1 - 20).toFixed(0)}" width="100%" height="100%" fill="${paper}"/>`,
    ...seen.edges().map(line),
    ...seen.nodes().map((one) => node(one, ink, paper)),
    '</svg>',
  ].join('\n');
}
