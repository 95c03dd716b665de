/** A link that carries a text itself, behind the #, which a browser never sends to a server. Without script there is none. */

/** What a link carries: the fields of the form. */
export type Carried = Record<string, string>;

const MARK = '#text=';
export const MOST = 60_000; // characters; some browsers cut off longer addresses

async function through(data: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array<ArrayBuffer>> {
  const piped = new Blob([data]).stream().pipeThrough(stream as TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

/** Make the part behind the # for these fields. */
export async function pack(fields: Carried): Promise<string> {
  const small = await through(new TextEncoder().encode(JSON.stringify(fields)), new CompressionStream('deflate-raw'));
  let plain = '';
  for (const byte of small) plain += String.fromCharCode(byte);
  return MARK + btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Read it back; null where there is none, or where it is damaged. */
export async function unpack(hash: string): Promise<Carried | null> {
  if (!hash.startsWith(MARK)) return null;
  try {
    const plain = atob(hash.slice(MARK.length).replaceAll('-', '+').replaceAll('_', '/'));
    const data = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
    const found: unknown = JSON.parse(new TextDecoder().decode(await through(data, new DecompressionStream('deflate-raw'))));
    if (typeof found !== 'object' || found === null) return null;
    return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return null;
  }
}

/** Tell whether an address carries a text. */
export function carries(hash: string): boolean {
  return hash.startsWith(MARK);
}
