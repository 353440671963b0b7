/**
 * Positions as rules of the page's own style sheet: its content policy takes style attributes for an intruder's.
 */
export class Placed {
  readonly #rules: string[] = [];

  /** Gives the class of a box at these percentages of its parent. */
  box(left: number, top: number, width: number, height: number): string {
    const name = `at${this.#rules.length}`;
    const percent = (value: number) => `${Math.round(value * 1000) / 1000}%`;
    this.#rules.push(
      `.${name}{left:${percent(left)};top:${percent(top)};width:${percent(width)};height:${percent(height)}}`,
    );
    return name;
  }

  css(): string {
    return this.#rules.join('\n');
  }
}
