import htm from 'htm';
import { h, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A part of a page; an empty one is `null`. */
export type Part = VNode | VNode[] | null;

/**
 * Markup as a tagged template. Values become text or attributes of elements, never markup: what a container or a bag
 * says cannot leave its place.
 */
export const html = (htm as unknown as { bind(make: typeof h): Template }).bind(h);

type Template = (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

/** Markup of a part as text. */
export function render(part: VNode): string {
  return renderToString(part);
}
