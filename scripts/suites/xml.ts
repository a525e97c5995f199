// Reads the few numbers that we need from result files of test tools. Not an XML parser: these files have a known shape.

/**
 * The number in an attribute of the first such element; 0 when there is none.
 */
export function attributeNumber(xml: string, element: string, attribute: string): number {
  const tag = new RegExp(`<${element}\\b[^>]*>`).exec(xml)?.[0] ?? '';
  return Number(new RegExp(`\\b${attribute}="(\\d+)"`).exec(tag)?.[1] ?? 0);
}

/** The text of every such element, its tags included. */
export function elements(xml: string, element: string): string[] {
  return xml.match(new RegExp(`<${element}\\b(?:[^>]*/>|[\\s\\S]*?</${element}>)`, 'g')) ?? [];
}

/** Turns the five predefined entities and line breaks back into characters. */
export function decodeEntities(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#xD': '', '#xA': '\n' };
  return text.replace(/&(#x[AD]|\w+);/g, (whole, name: string) => entities[name] ?? whole);
}
