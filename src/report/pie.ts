/** Slices that a chart shows by themselves; the rest are put together. */
const LARGEST = 6;

export interface Slice {
  label: string;
  value: number;
}

/**
 * A mermaid pie chart as a fenced block (mermaid.js.org/syntax/pie.html: values are above zero, with two decimals at most).
 * Labels lose whatever could end them. Empty when there is nothing to show.
 */
export function pieChart(title: string, slices: Slice[]): string {
  const sorted = slices.filter(each => each.value > 0).toSorted((a, b) => b.value - a.value);
  const rest = sorted.slice(LARGEST).reduce((sum, each) => sum + each.value, 0);
  const shown = [...sorted.slice(0, LARGEST), ...(rest > 0 ? [{ label: 'other', value: rest }] : [])];
  if (shown.length === 0) return '';
  const lines = shown.map(each => `  "${safe(each.label)}" : ${Math.max(0.01, Math.round(each.value * 100) / 100)}`);
  return ['```mermaid', `pie showData title ${safe(title)}`, ...lines, '```'].join('\n');
}

function safe(text: string): string {
  return text.replace(/[^\w ,./()-]/g, ' ').slice(0, 60);
}
